//! Rotations as events.

use annals_event::RecordedEvent;
use annals_store::{Append, EventReader, EventStore, ReadOptions};
use serde::{Deserialize, Serialize};

use super::{KeyRotation, refused};
use crate::ProofError;
use crate::log_stream::{about_itself, own_append};

/// The type of the event.
const EVENT_TYPE: &str = "SigningKeyRotated";

/// What the event says. The keys stand in it for those who read the event; what counts is the note.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RotationPayload {
    previous_key: String,
    key: String,
    note: String,
}

/// What stands in a log's own stream and claims to be a rotation.
pub(super) struct RotationClaim {
    /// Where it stands.
    pub(super) position: u64,
    /// The rotation; otherwise why it is none.
    pub(super) rotation: Result<KeyRotation, String>,
}

impl KeyRotation {
    /// The append that records it, at the position that was signed or not at all.
    pub(super) fn to_append(&self) -> Result<Append, ProofError> {
        let payload = RotationPayload {
            previous_key: self.from.to_string(),
            key: self.to.to_string(),
            note: self.note.to_string(),
        };
        own_append(&self.origin, self.at.size, EVENT_TYPE, &payload)
    }

    /// The rotation that an event of a log's own stream records.
    fn of_event(event: &RecordedEvent) -> Result<Self, ProofError> {
        let payload = event.payload.value().ok_or_else(|| refused("it was erased"))?;
        let payload: RotationPayload = serde_json::from_str(payload.as_str()).map_err(refused)?;
        let rotation = Self::parse(payload.note.as_bytes())?;
        if rotation.origin.as_str() != event.aggregate_id.value().map_or("", |id| id.as_str()) {
            return Err(refused(format!("it is of {}", rotation.origin)));
        }
        if rotation.at.size != event.position.0 {
            return Err(refused(format!("it is one of position {}", rotation.at.size)));
        }
        if payload.previous_key != rotation.from.to_string() || payload.key != rotation.to.to_string() {
            return Err(refused("the keys beside its note are not those that the note names"));
        }
        Ok(rotation)
    }
}

/// Everything in the log's own stream that claims to be a rotation, by position.
///
/// What leads to the events may be an index that somebody altered. That can hide a rotation, so that what was
/// signed after it is not believed; it cannot make one, for both keys signed each.
pub(super) async fn claims(store: &dyn EventStore) -> Result<Vec<RotationClaim>, ProofError> {
    let mut reader = EventReader::new(store, about_itself(store)?, ReadOptions::default());
    let mut claims = Vec::new();
    while let Some(page) = reader.next_page().await? {
        for event in page.iter().filter(|event| event.event_type.as_str() == EVENT_TYPE) {
            let rotation = KeyRotation::of_event(event).map_err(|error| error.to_string());
            claims.push(RotationClaim { position: event.position.0, rotation });
        }
    }
    Ok(claims)
}
