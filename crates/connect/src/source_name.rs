use std::fmt;
use std::path::Path;

use crate::error::ImportError;

/// What a source is called in ids, contexts and dead letters: for a file its name without folder and `.gz`,
/// so that a file that was moved or compressed is still the same source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceName(String);

impl SourceName {
    /// Checks a name that somebody gave.
    ///
    /// # Errors
    /// [`ImportError::SourceName`] when it is empty or holds a control character.
    pub fn new(name: impl Into<String>) -> Result<Self, ImportError> {
        let name = name.into();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(ImportError::SourceName { name });
        }
        Ok(Self(name))
    }

    /// The name of a file as a source.
    ///
    /// ```
    /// use annals_connect::SourceName;
    /// assert_eq!(SourceName::of_file("logs/orders.jsonl.gz".as_ref())?.as_str(), "orders.jsonl");
    /// # Ok::<(), annals_connect::ImportError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImportError::SourceName`] when the path has no file name, or one that is not a name.
    pub fn of_file(path: &Path) -> Result<Self, ImportError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::new(name.strip_suffix(".gz").unwrap_or(&name))
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
