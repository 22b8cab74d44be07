use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::time::UNIX_EPOCH;

use rusqlite::Connection;
use twox_hash::XxHash3_64;

use crate::files::LogFiles;

/// What an index file was when its writer let it go. A file that is still the same, by length and time, or
/// else by hash, was not damaged since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexSeal {
    len: u64,
    modified_ns: u128,
    hash: u64,
}

/// What speaks for an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// A process that checked it writes it at this moment.
    Kept,
    /// It was let go in good order, looking like this.
    Sealed(IndexSeal),
    /// Nothing: its writer died. Its database keeps it whole then, but nobody knows what happened since.
    Unsealed,
}

impl IndexSeal {
    /// The seal of an index that no connection has open; `None` when it does not lie there complete.
    pub(crate) fn of(index: &Path) -> Option<Self> {
        let [_, wal, _] = LogFiles::with_companions(index);
        if std::fs::metadata(wal).is_ok_and(|wal| wal.len() > 0) {
            return None;
        }
        let (len, modified_ns) = stamp(index)?;
        Some(Self { len, modified_ns, hash: hash(index)? })
    }

    fn fits(&self, index: &Path) -> bool {
        stamp(index) == Some((self.len, self.modified_ns)) || hash(index) == Some(self.hash)
    }
}

impl Trust {
    /// Whether the index's file is what its writer left.
    pub(super) fn covers(self, path: &Path, index: &Connection) -> bool {
        match self {
            Self::Kept => true,
            Self::Sealed(seal) => seal.fits(path),
            Self::Unsealed => {
                let check = index.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
                check.is_ok_and(|found| found == "ok")
            }
        }
    }
}

fn stamp(path: &Path) -> Option<(u64, u128)> {
    let metadata = std::fs::metadata(path).ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((metadata.len(), modified.as_nanos()))
}

fn hash(path: &Path) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let mut hasher = XxHash3_64::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(std::hash::Hasher::finish(&hasher)),
            count => std::hash::Hasher::write(&mut hasher, buffer.get(..count)?),
        }
    }
}

impl fmt::Display for IndexSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "index {} {} {:016x}", self.len, self.modified_ns, self.hash)
    }
}

impl FromStr for IndexSeal {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split_ascii_whitespace();
        let (Some("index"), Some(len), Some(modified), Some(hash)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(());
        };
        Ok(Self {
            len: len.parse().map_err(drop)?,
            modified_ns: modified.parse().map_err(drop)?,
            hash: u64::from_str_radix(hash, 16).map_err(drop)?,
        })
    }
}
