//! Events as the server writes them, with `raw=true`.

use std::collections::BTreeMap;

use annals_event::{
    Commitment, Committed, CommittedField, Context, JsonObject, RecordedEvent, SchemaVersion, Tag, Tags,
};
use annals_store::StoreError;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::unavailable;

/// An event. Payload and metadata are strings with the producer's bytes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventDocument {
    position: u64,
    event_id: String,
    event_type: String,
    aggregate_type: String,
    aggregate_id: Option<String>,
    version: u64,
    schema_version: u64,
    timestamp: String,
    recorded_at: String,
    actor_id: Option<String>,
    tags: Option<Vec<String>>,
    payload_text: Option<String>,
    metadata_text: Option<String>,
    context: Option<Box<RawValue>>,
    /// The commitments of fields that were erased, in hex.
    #[serde(default)]
    erased: BTreeMap<String, String>,
}

impl EventDocument {
    /// The event.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it is none.
    pub(crate) fn into_event(self) -> Result<RecordedEvent, StoreError> {
        let place = self.position;
        self.read()
            .ok_or_else(|| unavailable(&format!("the server's event at position {place} cannot be read")))
    }

    fn read(self) -> Option<RecordedEvent> {
        let erased = &self.erased;
        let tags = |texts: Vec<String>| {
            let tags: Option<Vec<Tag>> = texts.iter().map(|text| Tag::new(text.as_str()).ok()).collect();
            tags.map(Tags::new)
        };
        let object = |text: String| JsonObject::new(text).ok();
        let context = |raw: Box<RawValue>| JsonObject::new(raw.get()).ok().map(Context::from_object);
        Some(RecordedEvent {
            position: annals_event::Position(self.position),
            event_id: self.event_id.parse().ok()?,
            event_type: self.event_type.parse().ok()?,
            aggregate_type: self.aggregate_type.parse().ok()?,
            aggregate_id: committed(
                CommittedField::AggregateId,
                self.aggregate_id,
                |id| id.parse().ok(),
                erased,
            )?,
            version: annals_event::StreamVersion(self.version),
            schema_version: SchemaVersion::new(self.schema_version).ok()?,
            timestamp: self.timestamp.parse().ok()?,
            recorded_at: self.recorded_at.parse().ok()?,
            actor_id: committed(CommittedField::ActorId, self.actor_id, |id| id.parse().ok(), erased)?,
            tags: committed(CommittedField::Tags, self.tags, tags, erased)?,
            payload: committed(CommittedField::Payload, self.payload_text, object, erased)?,
            metadata: committed(CommittedField::Metadata, self.metadata_text, object, erased)?,
            context: committed(CommittedField::Context, self.context, context, erased)?,
        })
    }
}

/// A field's value, or what is left of it.
fn committed<T, U>(
    field: CommittedField,
    value: Option<T>,
    read: impl FnOnce(T) -> Option<U>,
    erased: &BTreeMap<String, String>,
) -> Option<Committed<U>> {
    match value {
        Some(value) => read(value).map(Committed::Value),
        None => commitment(erased.get(field.name())?).map(Committed::Erased),
    }
}

/// Reads 64 digits of hex.
fn commitment(hex: &str) -> Option<Commitment> {
    let digits = hex.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(Commitment(bytes))
}

#[cfg(test)]
mod tests {
    use annals_event::JsonForm;

    use super::*;

    fn read(text: &str) -> Result<RecordedEvent, StoreError> {
        serde_json::from_str::<EventDocument>(text).unwrap().into_event()
    }

    #[test]
    fn an_event_comes_back_byte_for_byte_and_erased_fields_keep_their_commitments() {
        let text = concat!(
            r#"{"position":7,"eventId":"0190a6e2-0000-7000-8000-000000000001","eventType":"T","aggregateType":"A","#,
            r#""version":3,"schemaVersion":1,"timestamp":"2026-11-20T10:30:00.000000Z","recordedAt":"2026-11-20T10:30:01.000002Z","#,
            r#""actorId":"ann","tags":["a:1"],"payloadText":"{ \"n\" : 1.10 }","metadataText":"{}","context":{"source":"x"},"#,
            r#""erased":{"aggregateId":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}}"#
        );
        let event = read(text).unwrap();
        assert_eq!(event.payload.value().unwrap().as_str(), r#"{ "n" : 1.10 }"#);
        assert!(event.stream().is_none());
        assert_eq!(event.to_json(JsonForm::Raw), text);
        assert!(read(&text.replace("00112233", "")).is_err());
    }
}
