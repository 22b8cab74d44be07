use crate::{
    ActorId, Context, EventId, EventType, InvalidEvent, JsonObject, Limits, SchemaVersion, StreamName, Tags,
    Timestamp,
};

/// An event before it is recorded. What the producer did not say is `None` and filled in at the append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The stream that the event belongs to.
    pub stream: StreamName,
    /// What happened.
    pub event_type: EventType,
    /// The producer's data, kept byte for byte.
    pub payload: JsonObject,
    /// The producer's data about the event, kept byte for byte; `{}` where there is none.
    pub metadata: JsonObject,
    /// What Annals notes about the recording.
    pub context: Context,
    /// The event's identity, which makes a retry safe; a UUIDv7 when there is none.
    pub event_id: Option<EventId>,
    /// When it happened; the moment of the append when there is none.
    pub timestamp: Option<Timestamp>,
    /// Who did it; `anonymous` when there is none.
    pub actor_id: Option<ActorId>,
    /// The version of the event type's shape; 1 when there is none.
    pub schema_version: Option<SchemaVersion>,
    /// Further entities that the event is about.
    pub tags: Tags,
}

impl NewEvent {
    /// An event of which only the necessary is said.
    ///
    /// ```
    /// use annals_event::{EventType, JsonObject, NewEvent, StreamName};
    /// let event = NewEvent::new(
    ///     StreamName::new("Order", "order_456")?,
    ///     EventType::new("OrderPlaced")?,
    ///     JsonObject::new(r#"{"total":99.99}"#)?,
    /// );
    /// assert_eq!(event.metadata.as_str(), "{}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(stream: StreamName, event_type: EventType, payload: JsonObject) -> Self {
        Self {
            stream,
            event_type,
            payload,
            metadata: JsonObject::empty(),
            context: Context::empty(),
            event_id: None,
            timestamp: None,
            actor_id: None,
            schema_version: None,
            tags: Tags::default(),
        }
    }

    /// Checks the event's sizes against `limits`.
    ///
    /// # Errors
    /// [`InvalidEvent`] that names the field and the limit.
    pub fn check(&self, limits: &Limits) -> Result<(), InvalidEvent> {
        let texts = [
            ("payload", self.payload.as_str()),
            ("metadata", self.metadata.as_str()),
            ("context", self.context.as_str()),
        ];
        for (field, text) in texts {
            if text.len() > limits.payload_bytes_max {
                return Err(InvalidEvent::TooLarge {
                    field,
                    bytes: text.len(),
                    bytes_max: limits.payload_bytes_max,
                });
            }
        }
        if self.tags.as_slice().len() > limits.tags_max {
            return Err(InvalidEvent::TooManyTags {
                count: self.tags.as_slice().len(),
                count_max: limits.tags_max,
            });
        }
        let names = [
            ("aggregateType", self.stream.aggregate_type.as_str()),
            ("aggregateId", self.stream.aggregate_id.as_str()),
            ("eventType", self.event_type.as_str()),
            ("actorId", self.actor_id.as_ref().map_or("", ActorId::as_str)),
        ];
        let tags = self.tags.as_slice().iter().map(|tag| ("tag", tag.as_str()));
        for (field, name) in names.into_iter().chain(tags) {
            if name.len() > limits.name_bytes_max {
                return Err(InvalidEvent::NameTooLong {
                    field,
                    bytes: name.len(),
                    bytes_max: limits.name_bytes_max,
                });
            }
        }
        Ok(())
    }
}
