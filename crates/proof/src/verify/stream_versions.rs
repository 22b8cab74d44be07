//! The versions of every stream: 1, 2, 3 … without a gap.

use std::collections::{HashMap, HashSet};

use annals_event::{Committed, RecordedEvent, StreamVersion};
use sha2::{Digest, Sha256};

/// Stands for a stream: 128 bits of SHA-256 over its name, so that nobody can make two streams meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StreamKey {
    aggregate_type: u64,
    /// `None` where the aggregate id was erased, so that it is not known which stream it is.
    stream: Option<[u64; 2]>,
}

/// The last version of every stream. About 50 bytes per stream.
#[derive(Default)]
pub(super) struct StreamVersions {
    last: HashMap<[u64; 2], u64, foldhash::fast::RandomState>,
    /// The aggregate types of which an id was erased: versions of their streams may be missing here.
    erased_types: HashSet<u64>,
}

impl StreamKey {
    /// The key of an event's stream.
    pub(super) fn of(event: &RecordedEvent) -> Self {
        let aggregate_type = event.aggregate_type.as_str();
        // The length keeps the two names apart.
        let mut hasher = Sha256::new_with_prefix((aggregate_type.len() as u64).to_be_bytes());
        hasher.update(aggregate_type);
        let [type_hash, _] = words(hasher.clone());
        let stream = match &event.aggregate_id {
            Committed::Erased(_) => None,
            Committed::Value(id) => {
                hasher.update(id.as_str());
                Some(words(hasher))
            }
        };
        Self { aggregate_type: type_hash, stream }
    }
}

/// The first 128 bits of a digest.
fn words(hasher: Sha256) -> [u64; 2] {
    let digest: [u8; 32] = hasher.finalize().into();
    let (words, _) = digest.as_chunks::<8>();
    let mut words = words.iter().map(|word| u64::from_be_bytes(*word));
    [words.next().unwrap_or_default(), words.next().unwrap_or_default()]
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
