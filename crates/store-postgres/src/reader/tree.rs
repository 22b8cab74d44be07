use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use annals_store::StoreError;
use annals_tlog::{Hash, HashReader};
use futures_util::future::try_join_all;
use tokio_postgres::Row;

use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::sql;

/// A part of one level of the tree.
type Part = (u8, Range<u64>);

/// Stands in for the stored hashes, and notes which are asked for.
#[derive(Default)]
struct Noting(RefCell<Vec<Part>>);

/// The stored hashes that were fetched.
struct Fetched(HashMap<Part, Vec<Hash>>);

/// Carries out a computation over the tree's stored hashes. Which hashes it reads depends on positions and never
/// on other hashes, so it is carried out with blank ones first, which says what to fetch, all in one go.
pub(crate) async fn with_hashes<T>(
    session: &Session,
    compute: impl Fn(&dyn HashReader<Error = StoreError>) -> Result<T, StoreError>,
) -> Result<T, Failure> {
    let noting = Noting::default();
    // A question that has no answer says so below.
    let _ = compute(&noting);
    let parts = noting.0.into_inner();
    let fetched =
        try_join_all(parts.iter().map(|(level, range)| hashes(session, *level, range.clone()))).await?;
    Ok(compute(&Fetched(parts.into_iter().zip(fetched).collect()))?)
}

/// Stored hashes: those of the leaves stand beside their events, those above in `subtrees`.
pub(crate) async fn hashes(session: &Session, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Failure> {
    let bound = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
    let (start, end) = (bound(range.start), bound(range.end));
    let rows = if level == 0 {
        session.query(sql::LEAF_HASHES, &[&start, &end]).await?
    } else {
        session.query(sql::SUBTREE_HASHES, &[&i16::from(level), &start, &end]).await?
    };
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Hash, Failure> {
    let bytes: &[u8] = row.try_get(0)?;
    let bytes = bytes.try_into().map_err(|_| corrupt(format!("a stored hash has {} bytes", bytes.len())))?;
    Ok(Hash::from_bytes(bytes))
}

impl HashReader for Noting {
    type Error = StoreError;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        let count = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        self.0.borrow_mut().push((level, range));
        Ok(vec![Hash::EMPTY_ROOT; count])
    }
}

impl HashReader for Fetched {
    type Error = StoreError;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        Ok(self.0.get(&(level, range)).cloned().unwrap_or_default())
    }
}
