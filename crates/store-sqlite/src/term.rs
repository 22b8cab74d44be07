use std::hash::{BuildHasher, Hasher};

use annals_event::{ActorId, AggregateId, AggregateType, EventType, StreamName, Tag};
use twox_hash::XxHash3_64;

/// A value of one field of an event, as the index knows it: its hash.
///
/// Two values may meet in one hash, so whoever follows a term looks at the event itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(pub(crate) i64);

impl Term {
    pub(crate) fn event_type(event_type: &EventType) -> Self {
        Self::of(1, event_type.as_str())
    }

    pub(crate) fn stream(stream: &StreamName) -> Self {
        Self::of_stream(&stream.aggregate_type, &stream.aggregate_id)
    }

    pub(crate) fn of_stream(aggregate_type: &AggregateType, aggregate_id: &AggregateId) -> Self {
        let inside = Self::of(2, aggregate_type.as_str());
        Self::of(inside.0.cast_unsigned(), aggregate_id.as_str())
    }

    pub(crate) fn aggregate_type(aggregate_type: &AggregateType) -> Self {
        Self::of(3, aggregate_type.as_str())
    }

    pub(crate) fn tag(tag: &Tag) -> Self {
        Self::of(4, tag.as_str())
    }

    pub(crate) fn actor(actor: &ActorId) -> Self {
        Self::of(5, actor.as_str())
    }

    pub(crate) fn correlation(correlation_id: &str) -> Self {
        Self::of(6, correlation_id)
    }

    fn of(seed: u64, value: &str) -> Self {
        Self(XxHash3_64::oneshot_with_seed(seed, value.as_bytes()).cast_signed())
    }
}

/// Hashes terms as what they are: hashes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TermHasher(u64);

impl BuildHasher for TermHasher {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        *self
    }
}

impl Hasher for TermHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_i64(&mut self, hash: i64) {
        self.0 = hash.cast_unsigned();
    }
}
