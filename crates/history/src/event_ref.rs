use annals_event::{ActorId, EventId, EventType, Position, RecordedEvent, StreamVersion, Timestamp};

/// What there is to say of an event that an answer names, but for what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRef {
    /// Its place in its stream.
    pub version: StreamVersion,
    /// Its place in the order of all events.
    pub position: Position,
    /// Its identity.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// When it happened.
    pub timestamp: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who did it; `None` when that was erased.
    pub actor_id: Option<ActorId>,
}

impl From<&RecordedEvent> for EventRef {
    fn from(event: &RecordedEvent) -> Self {
        Self {
            version: event.version,
            position: event.position,
            event_id: event.event_id,
            event_type: event.event_type.clone(),
            timestamp: event.timestamp,
            recorded_at: event.recorded_at,
            actor_id: event.actor_id.value().cloned(),
        }
    }
}
