//! Questions to a log: data that every store answers alike.

mod matching;
mod predicate;
mod value;

use annals_event::{ActorId, AggregateId, AggregateType, EventType, StreamName, Tag, Timestamp};

pub use predicate::{Comparison, PayloadPredicate};

/// A question: the events that match any of its items; every event when it has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The alternatives.
    pub items: Vec<QueryItem>,
}

/// One alternative: the events that fulfil everything that it says. What is empty or `None` says nothing.
///
/// Erased values fulfil nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryItem {
    /// The event type is one of these.
    pub event_types: Vec<EventType>,
    /// The stream is one of these.
    pub streams: Vec<StreamName>,
    /// The aggregate type is this.
    pub aggregate_type: Option<AggregateType>,
    /// The aggregate id is this, whatever the type.
    pub aggregate_id: Option<AggregateId>,
    /// All of these are among the tags.
    pub tags: Vec<Tag>,
    /// The actor is this.
    pub actor_id: Option<ActorId>,
    /// The metadata's `correlationId` is this string.
    pub correlation_id: Option<String>,
    /// The time it happened lies in this range.
    pub timestamp: TimeRange,
    /// The time it was recorded lies in this range.
    pub recorded_at: TimeRange,
    /// All of these hold for the payload.
    pub payload: Vec<PayloadPredicate>,
}

/// A range of time, both ends included; open where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// The first moment.
    pub from: Option<Timestamp>,
    /// The last moment.
    pub to: Option<Timestamp>,
}

impl Query {
    /// Every event.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// The events of one stream.
    #[must_use]
    pub fn stream(stream: StreamName) -> Self {
        Self::from(QueryItem { streams: vec![stream], ..QueryItem::default() })
    }
}

impl From<QueryItem> for Query {
    fn from(item: QueryItem) -> Self {
        Self { items: vec![item] }
    }
}

impl TimeRange {
    /// Whether `moment` lies in the range.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.to.is_none_or(|to| moment <= to)
    }
}
