//! The versions of every stream: 1, 2, 3 … without a gap.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use annals_event::{Committed, RecordedEvent, StreamVersion};

/// Stands for a stream: 128 bits of a keyed hash over its name. Nobody knows the keys before the verification
/// begins, so nobody can make two streams meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StreamKey {
    aggregate_type: u64,
    /// `None` where the aggregate id was erased, so that it is not known which stream it is.
    stream: Option<[u64; 2]>,
}

/// The keys with which names are hashed, random for each verification.
#[derive(Default)]
pub(super) struct StreamKeys(RandomState, RandomState);

/// The last version of every stream. About 50 bytes per stream.
#[derive(Default)]
pub(super) struct StreamVersions {
    last: HashMap<[u64; 2], u64, foldhash::fast::RandomState>,
    /// The aggregate types of which an id was erased: versions of their streams may be missing here.
    erased_types: HashSet<u64>,
}

impl StreamKey {
    /// The key of an event's stream.
    pub(super) fn of(event: &RecordedEvent, keys: &StreamKeys) -> Self {
        let aggregate_type = event.aggregate_type.as_str();
        let stream = match &event.aggregate_id {
            Committed::Erased(_) => None,
            Committed::Value(id) => {
                let name = (aggregate_type, id.as_str());
                Some([keys.0.hash_one(name), keys.1.hash_one(name)])
            }
        };
        Self { aggregate_type: keys.0.hash_one(aggregate_type), stream }
    }
}

impl StreamVersions {
    /// Notes an event that is as it was recorded; the version that it should have, if it has another.
    pub(super) fn note(&mut self, key: StreamKey, version: StreamVersion) -> Result<(), StreamVersion> {
        let Some(stream) = key.stream else {
            self.erased_types.insert(key.aggregate_type);
            return Ok(());
        };
        let last = self.last.entry(stream).or_insert(0);
        let expected = last.saturating_add(1);
        // The stream goes on from where it stands, so that one gap is reported once.
        *last = version.0;
        let is_gap_explained = version.0 > expected && self.erased_types.contains(&key.aggregate_type);
        if version.0 == expected || is_gap_explained { Ok(()) } else { Err(StreamVersion(expected)) }
    }

    /// Notes an event that was altered: what it says counts only where it fits.
    pub(super) fn note_altered(&mut self, key: StreamKey, version: StreamVersion) {
        let Some(stream) = key.stream else { return };
        let last = self.last.entry(stream).or_insert(0);
        if version.0 == last.saturating_add(1) {
            *last = version.0;
        }
    }
}
