use std::fmt;
use std::path::{Path, PathBuf};

use annals_event::LogName;
use annals_store_http::HttpLocation;
use annals_store_postgres::PostgresLocation;

/// Where a store lies: `sqlite:PATH`, or a bare path, which means the same; the URL of a PostgreSQL database; or that of a
/// server that stands before a store.
///
/// An embedded store keeps each of its logs in a file, a database each in a schema.
///
/// ```
/// use std::path::PathBuf;
/// use annals::{Location, LogName};
///
/// let location: Location = "sqlite:books/annals.db".parse()?;
/// assert_eq!(location.file_of(&LogName::main()), Some(PathBuf::from("books/annals.db")));
/// assert_eq!(location.file_of(&LogName::new("access")?), Some(PathBuf::from("books/annals.access.db")));
///
/// let location: Location = "postgres://ann:secret@db.example.com/shop?schema=orders".parse()?;
/// assert_eq!(location.to_string(), "postgres://db.example.com/shop?schema=orders");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Location {
    /// The file of an embedded store's log `main`.
    Sqlite(PathBuf),
    /// The schema of a database's log `main`.
    Postgres(Box<PostgresLocation>),
    /// A server, which knows its logs by their names.
    Http(Box<HttpLocation>),
}

/// A text that names no store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLocation {
    /// There is no path.
    #[error("the store's location is empty; give a path, as in annals.db or sqlite:annals.db")]
    Empty,
    /// Another kind of store.
    #[error(
        "{0} names a kind of store that is not known; write sqlite:PATH, a path, postgres://HOST/DATABASE or https://HOST"
    )]
    UnknownScheme(String),
    /// A URL of a database that is none.
    #[error(transparent)]
    Postgres(#[from] annals_store_postgres::InvalidLocation),
    /// A URL of a server that is none.
    #[error(transparent)]
    Http(#[from] annals_store_http::InvalidLocation),
}

impl Location {
    /// The store in this file.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite(path.into())
    }

    /// The file of the log `main`; `None` where logs are no files.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) | Self::Http(_) => None,
        }
    }

    /// Whether a server stands before the store.
    #[must_use]
    pub fn is_server(&self) -> bool {
        matches!(self, Self::Http(_))
    }

    /// The file of one log: every log but `main` has its name before the extension. `None` where logs are no files.
    #[must_use]
    pub fn file_of(&self, log: &LogName) -> Option<PathBuf> {
        let path = self.file()?;
        if *log == LogName::main() {
            return Some(path.to_owned());
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = path.extension().map(|extension| extension.to_string_lossy());
        let suffix = extension.map_or_else(String::new, |extension| format!(".{extension}"));
        Some(path.with_file_name(format!("{stem}.{log}{suffix}")))
    }

    /// The location of one log, as its store's log `main` would have it: every log but `main` has its name behind that
    /// of the file or schema.
    ///
    /// # Errors
    /// [`InvalidLocation`] for a log whose name cannot be part of a schema's.
    pub fn of_log(&self, log: &LogName) -> Result<Self, InvalidLocation> {
        match self {
            Self::Postgres(location) if *log != LogName::main() => {
                let schema = format!("{}_{log}", location.schema()).parse()?;
                let location = PostgresLocation::clone(location).with_schema(schema);
                Ok(Self::Postgres(Box::new(location)))
            }
            Self::Postgres(_) | Self::Http(_) => Ok(self.clone()),
            Self::Sqlite(path) => Ok(Self::Sqlite(self.file_of(log).unwrap_or_else(|| path.clone()))),
        }
    }

    /// The same store as seen from another working folder: a relative path is taken to lie in `folder`.
    #[must_use]
    pub fn relative_to(&self, folder: &Path) -> Self {
        match self {
            Self::Sqlite(path) => Self::Sqlite(folder.join(path)),
            Self::Postgres(_) | Self::Http(_) => self.clone(),
        }
    }
}

impl fmt::Display for Location {
    /// A text that people may see: without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(location) => write!(f, "{location}"),
            Self::Http(location) => write!(f, "{location}"),
        }
    }
}

impl std::str::FromStr for Location {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        let path = match text.split_once(':') {
            Some(("postgres" | "postgresql", _)) => return Ok(Self::Postgres(Box::new(text.parse()?))),
            Some(("http" | "https", _)) => return Ok(Self::Http(Box::new(text.parse()?))),
            Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
            // What stands behind the scheme may hold a password.
            Some((scheme, rest)) if rest.starts_with("//") => {
                return Err(InvalidLocation::UnknownScheme(format!("{scheme}:")));
            }
            _ => text,
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

    fn path_of(location: &str, log: &str) -> String {
        let location: Location = location.parse().unwrap();
        location.of_log(&LogName::new(log).unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_log_has_its_name_behind_that_of_the_file_or_schema() {
        assert_eq!(path_of("books/annals", "access"), "sqlite:books/annals.access");
        assert_eq!(path_of("books/annals.db", "main"), "sqlite:books/annals.db");
        assert_eq!(path_of("postgres://h/d?schema=s", "access"), "postgres://h/d?schema=s_access");
        assert_eq!(path_of("postgresql://h/d", "main"), "postgres://h/d?schema=annals");
    }

    #[test]
    fn refuses_other_kinds_of_stores_and_nothing_and_tells_no_password() {
        let refused = "mysql://ann:secret@h/d".parse::<Location>().unwrap_err();
        assert!(!refused.to_string().contains("secret"), "{refused}");
        assert_eq!("sqlite:".parse::<Location>(), Err(InvalidLocation::Empty));
        assert_eq!("sqlite:///a/b.db".parse::<Location>().unwrap().file(), Some(Path::new("/a/b.db")));
    }
}
