use std::collections::BTreeSet;

use annals_event::LogName;

/// The word that stands for all logs in a token.
pub(crate) const ALL_LOGS: &str = "*";

/// Which logs somebody may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedLogs {
    /// Every log, also those that are made later. Written `*`.
    All,
    /// These, by their exact names.
    Named(BTreeSet<LogName>),
}

impl AllowedLogs {
    /// No log at all.
    #[must_use]
    pub fn none() -> Self {
        Self::Named(BTreeSet::new())
    }

    /// Whether `log` is one of them.
    #[must_use]
    pub fn contain(&self, log: &LogName) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(log),
        }
    }

    /// The words of a token: the names, or `*` alone.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let (all, names) = match self {
            Self::All => (Some(ALL_LOGS), None),
            Self::Named(names) => (None, Some(names)),
        };
        all.into_iter().chain(names.into_iter().flatten().map(LogName::as_str))
    }

    /// Reads the words of a token. A word that cannot be a log's name names none.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = BTreeSet::new();
        for word in words {
            if word == ALL_LOGS {
                return Self::All;
            }
            names.extend(LogName::new(word));
        }
        Self::Named(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(name: &str) -> LogName {
        LogName::new(name).expect("a name")
    }

    #[test]
    fn a_name_allows_that_log_and_none_that_merely_begins_so() {
        let logs = AllowedLogs::from_words(["main"]);
        assert!(logs.contain(&log("main")));
        assert!(!logs.contain(&log("main2")) && !logs.contain(&log("mai")));
    }

    #[test]
    fn only_the_star_alone_allows_every_log() {
        assert_eq!(AllowedLogs::from_words(["a", "*"]), AllowedLogs::All);
        assert!(!AllowedLogs::from_words(["ma*"]).contain(&log("main")));
        assert!(!AllowedLogs::none().contain(&log("main")));
    }

    #[test]
    fn its_words_read_as_the_same_logs() {
        for logs in [AllowedLogs::All, AllowedLogs::none(), AllowedLogs::from_words(["b", "a"])] {
            assert_eq!(AllowedLogs::from_words(logs.words()), logs);
        }
    }
}
