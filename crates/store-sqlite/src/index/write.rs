use annals_event::JsonPointer;
use annals_failpoint::{Bug, Point, is_seeded};
use annals_tlog::{Hash, root_at};
use rusqlite::{Connection, params};

use super::batch::Batch;
use crate::errors::{Result, corrupt, pass, sqlite};
use crate::reader::{TreeReader, events_between};
use crate::sql;
use crate::tail::{IndexedEvent, Segment};

/// Events that are indexed in one go when the index is behind.
const BATCH_LEN: u64 = 16_384;

/// Writes segments that follow the mark, and the new mark, in one transaction.
pub(super) fn write_segments(index: &mut Connection, segments: &[&Segment]) -> Result<u64> {
    let (mark, root) = segments.last().map_or((0, Hash::EMPTY_ROOT), |last| (last.end(), last.root));
    if is_seeded(Bug::MarkBeforeRows) {
        index.execute(sql::INDEX_MOVE_MARK, params![mark, root.as_bytes()]).map_err(sqlite)?;
    }
    let transaction = index.transaction().map_err(sqlite)?;
    Batch { segments }.write(&transaction).map_err(sqlite)?;
    transaction.execute(sql::INDEX_MOVE_MARK, params![mark, root.as_bytes()]).map_err(sqlite)?;
    pass(Point::IndexBeforeCommit)?;
    transaction.commit().map_err(sqlite)?;
    pass(Point::IndexAfterCommit)?;
    Ok(mark)
}

/// Indexes every event from `mark` up to `size`, from the truth.
pub(crate) fn catch_up(
    index: &mut Connection,
    truth: &Connection,
    mark: u64,
    size: u64,
    payload_paths: &[JsonPointer],
) -> Result<()> {
    let mut first = mark;
    while first < size {
        let end = size.min(first + BATCH_LEN);
        let mut segment = Segment::default();
        events_between(truth, first..end, |event| {
            segment.push(&IndexedEvent::recorded(&event), payload_paths);
        })?;
        if segment.end() != end || segment.first != first {
            return Err(corrupt(format!("events between {first} and {end} are missing")));
        }
        segment.root = root_at(end, &TreeReader(truth)).map_err(|error| corrupt(error.to_string()))?;
        first = write_segments(index, &[&segment])?;
    }
    Ok(())
}
