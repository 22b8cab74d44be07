//! What the fuzz targets need of this crate, and nobody else.

use annals_event::{JsonObject, StreamName, StreamVersion, Timestamp};
use annals_store::{Snapshot, SnapshotKey};

use crate::change::Change;
use crate::merge::{Recorded, merge};
use crate::snapshot::StoredState;
use crate::value::{InvalidValue, Value};

/// Merges a patch into a state; what it changed. After an error the state is of no use any more.
///
/// # Errors
/// [`InvalidValue`] for a text that is no JSON, or too deep.
pub fn merge_patch(state: &mut Value, patch: &str) -> Result<Vec<Change>, InvalidValue> {
    let mut recorded = Recorded::default();
    merge(state, &JsonObject::from_stored(patch), &mut recorded)?;
    Ok(recorded.changes)
}

/// The state in the text of a snapshot, if there is one that can be used.
#[must_use]
pub fn state_of_snapshot(stream: StreamName, text: &str) -> Option<Value> {
    let snapshot = Snapshot {
        key: SnapshotKey { stream, reducer: String::new() },
        version: StreamVersion::FIRST,
        greatest_timestamp: Timestamp::UNIX_EPOCH,
        state: JsonObject::from_stored(text),
    };
    StoredState::from_snapshot(&snapshot).map(|stored| stored.state)
}
