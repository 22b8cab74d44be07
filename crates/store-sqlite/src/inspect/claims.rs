use annals_event::JsonPointer;

use super::sums::Keys;
use crate::errors::Result;
use crate::index::{Mark, indexed_paths};
use crate::sql;
use rusqlite::Connection;

/// What must be known of an index before events can be compared with it.
pub(crate) struct Claims {
    pub(super) mark: Mark,
    /// The payload paths that it has, in the order of their numbers; none where it does not say which.
    pub(super) payload_paths: Vec<JsonPointer>,
    /// The positions that it names as the last ones of streams, in order.
    pub(super) stream_ends: Vec<u64>,
    pub(super) keys: Keys,
}

impl Claims {
    pub(super) fn read(index: &Connection, mark: Mark) -> Result<Self> {
        let payload_paths = indexed_paths(&mark).unwrap_or_default();
        let mut stream_ends = Vec::new();
        super::indexed::every_row(index, sql::INDEX_ALL_STREAMS, |row| {
            // A position that cannot be read is nobody's last one; the sums will differ.
            stream_ends.extend(row.get::<_, u64>(3));
            Ok(Some(()))
        })?;
        stream_ends.sort_unstable();
        Ok(Self { mark, payload_paths, stream_ends, keys: Keys::random() })
    }

    /// Whether the index says that a stream ends here.
    pub(super) fn ends_a_stream(&self, position: u64) -> bool {
        self.stream_ends.binary_search(&position).is_ok()
    }
}
