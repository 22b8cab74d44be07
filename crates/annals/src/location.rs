use std::fmt;
use std::path::{Path, PathBuf};

use annals_event::LogName;

/// Where a store lies: `sqlite:PATH`, or a bare path, which means the same.
///
/// ```
/// use std::path::Path;
/// use annals::{Location, LogName};
///
/// let location: Location = "sqlite:books/annals.db".parse()?;
/// assert_eq!(location.path_of(&LogName::main()), Path::new("books/annals.db"));
/// assert_eq!(location.path_of(&LogName::new("access")?), Path::new("books/annals.access.db"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    path: PathBuf,
}

/// A text that names no store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLocation {
    /// There is no path.
    #[error("the store's location is empty; give a path, as in annals.db or sqlite:annals.db")]
    Empty,
    /// Another kind of store.
    #[error("{0:?} names a kind of store that is not known; write sqlite:PATH or a path")]
    UnknownScheme(String),
}

impl Location {
    /// The store in this file.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file of the log `main`.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of one log: every log but `main` has its name before the extension.
    #[must_use]
    pub fn path_of(&self, log: &LogName) -> PathBuf {
        if *log == LogName::main() {
            return self.path.clone();
        }
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = self.path.extension().map(|extension| extension.to_string_lossy());
        let suffix = extension.map_or_else(String::new, |extension| format!(".{extension}"));
        self.path.with_file_name(format!("{stem}.{log}{suffix}"))
    }

    /// The same store as seen from another working folder: a relative path is taken to lie in `folder`.
    #[must_use]
    pub fn relative_to(&self, folder: &Path) -> Self {
        Self { path: folder.join(&self.path) }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.path.display())
    }
}

impl std::str::FromStr for Location {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        let path = match text.strip_prefix("sqlite:") {
            Some(path) => path.strip_prefix("//").unwrap_or(path),
            None if text.contains("://") => return Err(InvalidLocation::UnknownScheme(text.to_owned())),
            None => text,
        };
        if path.is_empty() {
            return Err(InvalidLocation::Empty);
        }
        Ok(Self::sqlite(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_without_extension_gets_its_name_at_the_end() {
        let access = LogName::new("access").unwrap();
        assert_eq!(Location::sqlite("books/annals").path_of(&access), Path::new("books/annals.access"));
    }

    #[test]
    fn refuses_other_kinds_of_stores_and_nothing() {
        assert!(matches!("postgres://x/y".parse::<Location>(), Err(InvalidLocation::UnknownScheme(_))));
        assert_eq!("sqlite:".parse::<Location>(), Err(InvalidLocation::Empty));
        assert_eq!("sqlite:///a/b.db".parse::<Location>().unwrap().path(), Path::new("/a/b.db"));
    }
}
