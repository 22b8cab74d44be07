use std::path::Path;

use rusqlite::params;

use super::{Existing, UnnamedCopy, text_of};
use crate::errors::{Result, sqlite};
use crate::{schema, sql};

/// Copies a log of any format as it is, write-ahead log included, in one transaction: for logs that nobody
/// writes meanwhile.
pub(crate) fn copy_whole(log: &Path, to: &Path, existing: Existing) -> Result<UnnamedCopy> {
    let unnamed = UnnamedCopy::new(to, existing)?;
    let source = schema::open_truth_to_copy(log)?;
    // SQLite copies only into an empty file, and this one is.
    source.execute(sql::COPY_WHOLE, params![text_of(unnamed.path())?]).map_err(sqlite)?;
    source.close().map_err(|(_, error)| sqlite(error))?;
    unnamed.complete(log)
}
