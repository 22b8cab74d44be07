//! The members of an event file, and what they mean.

use std::collections::BTreeMap;
use std::fmt::Display;

use annals_event::{
    ActorId, AggregateId, AggregateType, Commitment, Committed, CommittedField, Context, EventType,
    JsonObject, Opening, Position, RecordedEvent, Salt, SchemaVersion, Secret, StreamVersion, Tag, Tags,
};
use serde::{Deserialize, Serialize};

use super::EventDisclosure;

/// The JSON form. Fields that were erased are absent and stand in `erased` with their commitments.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DisclosureJson {
    position: u64,
    event_id: String,
    event_type: String,
    aggregate_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    aggregate_id: Option<String>,
    version: u64,
    schema_version: u32,
    timestamp: String,
    recorded_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_text: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    erased: BTreeMap<String, String>,
    opening: OpeningJson,
}

/// `{"secret": HEX}` or `{"salts": {FIELD: HEX, …}}`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum OpeningJson {
    Secret(String),
    Salts(BTreeMap<String, String>),
}

impl DisclosureJson {
    /// What the members say, or why they say nothing.
    pub(super) fn into_disclosure(self) -> Result<EventDisclosure, String> {
        let erased = self.erased;
        let opening = opening(self.opening, &erased)?;
        let json = |text: String| JsonObject::new(text);
        let tags = |tags: Vec<String>| tags.into_iter().map(Tag::new).collect::<Result<Vec<_>, _>>();
        let event = RecordedEvent {
            position: Position(self.position),
            event_id: self.event_id.parse().map_err(in_words)?,
            event_type: EventType::new(self.event_type).map_err(in_words)?,
            aggregate_type: AggregateType::new(self.aggregate_type).map_err(in_words)?,
            aggregate_id: committed(
                CommittedField::AggregateId,
                self.aggregate_id,
                &erased,
                AggregateId::new,
            )?,
            version: StreamVersion(self.version),
            schema_version: SchemaVersion::new(self.schema_version.into()).map_err(in_words)?,
            timestamp: self.timestamp.parse().map_err(in_words)?,
            recorded_at: self.recorded_at.parse().map_err(in_words)?,
            actor_id: committed(CommittedField::ActorId, self.actor_id, &erased, ActorId::new)?,
            tags: committed(CommittedField::Tags, self.tags, &erased, tags)?.map(Tags::new),
            payload: committed(CommittedField::Payload, self.payload_text, &erased, json)?,
            metadata: committed(CommittedField::Metadata, self.metadata_text, &erased, json)?,
            context: committed(CommittedField::Context, self.context_text, &erased, json)?
                .map(Context::from_object),
        };
        Ok(EventDisclosure { event, opening })
    }
}

impl From<&EventDisclosure> for DisclosureJson {
    fn from(disclosure: &EventDisclosure) -> Self {
        let event = &disclosure.event;
        let erased =
            event.erased().map(|(field, commitment)| (field.name().to_owned(), commitment.to_string()));
        let tags = |tags: &Tags| tags.as_slice().iter().map(ToString::to_string).collect();
        Self {
            position: event.position.0,
            event_id: event.event_id.to_string(),
            event_type: event.event_type.to_string(),
            aggregate_type: event.aggregate_type.to_string(),
            aggregate_id: event.aggregate_id.value().map(ToString::to_string),
            version: event.version.0,
            schema_version: event.schema_version.get(),
            timestamp: event.timestamp.to_string(),
            recorded_at: event.recorded_at.to_string(),
            actor_id: event.actor_id.value().map(ToString::to_string),
            tags: event.tags.value().map(tags),
            payload_text: event.payload.value().map(ToString::to_string),
            metadata_text: event.metadata.value().map(ToString::to_string),
            context_text: event.context.value().map(|context| context.as_str().to_owned()),
            erased: erased.collect(),
            opening: match &disclosure.opening {
                Opening::Secret(secret) => OpeningJson::Secret(hex(&secret.0)),
                Opening::Salts(salts) => OpeningJson::Salts(
                    salts.iter().map(|(field, salt)| (field.name().to_owned(), hex(&salt.0))).collect(),
                ),
            },
        }
    }
}

/// A field's value or what is left of it: exactly one of both.
fn committed<J, T, E: Display>(
    field: CommittedField,
    value: Option<J>,
    erased: &BTreeMap<String, String>,
    read: impl FnOnce(J) -> Result<T, E>,
) -> Result<Committed<T>, String> {
    match (value, erased.get(field.name())) {
        (Some(value), None) => {
            let value = read(value).map_err(|error| format!("{}: {error}", field.name()))?;
            Ok(Committed::Value(value))
        }
        (None, Some(commitment)) => Ok(Committed::Erased(Commitment(bytes(commitment)?))),
        (Some(_), Some(_)) => Err(format!("{} is there and erased", field.name())),
        (None, None) => Err(format!("{} is missing", field.name())),
    }
}

/// What opens the fields that are there, and nothing else: what cannot be checked is refused.
fn opening(json: OpeningJson, erased: &BTreeMap<String, String>) -> Result<Opening, String> {
    match json {
        OpeningJson::Secret(_) if !erased.is_empty() => {
            Err("it holds the secret of an event of which a field was erased".to_owned())
        }
        OpeningJson::Secret(secret) => Ok(Opening::Secret(Secret(bytes(&secret)?))),
        OpeningJson::Salts(json) => {
            let mut salts = BTreeMap::new();
            for (name, salt) in json {
                let field = CommittedField::from_name(&name).filter(|_| !erased.contains_key(&name));
                let field = field.ok_or_else(|| format!("it holds a salt of {name}, which opens nothing"))?;
                salts.insert(field, Salt(bytes(&salt)?));
            }
            Ok(Opening::Salts(salts))
        }
    }
}

fn in_words(error: impl Display) -> String {
    error.to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads lowercase hex of exactly N bytes.
fn bytes<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let malformed = || format!("{text:?} is not {N} bytes in lowercase hex");
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != N {
        return Err(malformed());
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |digit: &u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(malformed()),
        };
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Ok(bytes)
}
