use annals_event::{ActorId, AggregateType, EventType, StreamName, Tag};
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
        let inside = Self::of(2, stream.aggregate_type.as_str());
        Self::of(inside.0.cast_unsigned(), stream.aggregate_id.as_str())
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
