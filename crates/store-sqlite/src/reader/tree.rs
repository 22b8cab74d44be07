use std::ops::Range;

use annals_store::StoreError;
use annals_tlog::{Hash, HashReader};
use rusqlite::{Connection, Row, params};

use crate::errors::sqlite;
use crate::sql;

/// The stored hashes of the tree: those of the leaves stand beside their events, those above in `subtrees`.
pub(crate) struct TreeReader<'a>(pub(crate) &'a Connection);

impl HashReader for TreeReader<'_> {
    type Error = StoreError;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        let hash = |row: &Row<'_>| row.get(0).map(Hash::from_bytes);
        let read = || -> rusqlite::Result<Vec<Hash>> {
            if level == 0 {
                let mut leaves = self.0.prepare_cached(sql::LEAF_HASHES)?;
                return leaves.query_map(params![range.start, range.end], hash)?.collect();
            }
            let mut subtrees = self.0.prepare_cached(sql::SUBTREE_HASHES)?;
            subtrees.query_map(params![level, range.start, range.end], hash)?.collect()
        };
        read().map_err(sqlite)
    }
}
