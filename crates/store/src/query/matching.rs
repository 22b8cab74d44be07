use annals_event::{Committed, RecordedEvent};

use super::{Query, QueryItem};

impl Query {
    /// Whether the event is part of the answer: the definition that every store's indexes must agree with.
    #[must_use]
    pub fn matches(&self, event: &RecordedEvent) -> bool {
        self.items.is_empty() || self.items.iter().any(|item| item.matches(event))
    }
}

impl QueryItem {
    /// Whether the event fulfils everything that the item says.
    #[must_use]
    pub fn matches(&self, event: &RecordedEvent) -> bool {
        self.matches_names(event)
            && self.timestamp.contains(event.timestamp)
            && self.recorded_at.contains(event.recorded_at)
            && self.tags.iter().all(|tag| event.tags.value().is_some_and(|tags| tags.contains(tag)))
            && self
                .correlation_id
                .as_ref()
                .is_none_or(|id| event.correlation_id().is_some_and(|own| own == *id))
            && self
                .payload
                .iter()
                .all(|predicate| event.payload.value().is_some_and(|payload| predicate.holds(payload)))
    }

    fn matches_names(&self, event: &RecordedEvent) -> bool {
        let in_stream = |stream: &annals_event::StreamName| {
            stream.aggregate_type == event.aggregate_type && is(&event.aggregate_id, &stream.aggregate_id)
        };
        (self.event_types.is_empty() || self.event_types.contains(&event.event_type))
            && (self.streams.is_empty() || self.streams.iter().any(in_stream))
            && self.aggregate_type.as_ref().is_none_or(|wanted| *wanted == event.aggregate_type)
            && self.aggregate_id.as_ref().is_none_or(|wanted| is(&event.aggregate_id, wanted))
            && self.actor_id.as_ref().is_none_or(|wanted| is(&event.actor_id, wanted))
    }
}

fn is<T: PartialEq>(field: &Committed<T>, wanted: &T) -> bool {
    field.value() == Some(wanted)
}
