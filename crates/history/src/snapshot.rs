//! Kept states: a cache, without which every answer stays the same.

use annals_event::{
    ActorId, EventId, EventType, JsonObject, Position, StreamName, StreamVersion, Timestamp,
    write_json_string,
};
use annals_store::{Snapshot, SnapshotKey};

use crate::event_ref::EventRef;
use crate::fold::Fold;
use crate::value::Value;

/// A state with the place at which it stands, as a snapshot keeps it.
pub(crate) struct StoredState {
    /// The event behind which it stands.
    pub(crate) last: EventRef,
    pub(crate) greatest_timestamp: Timestamp,
    pub(crate) taken_at: Timestamp,
    pub(crate) state: Value,
    /// The length of its text; 0 before it has one.
    pub(crate) bytes: usize,
}

/// A kept state, without what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotSummary {
    /// The aggregate.
    pub stream: StreamName,
    /// The version of the event behind which it stands.
    pub version: StreamVersion,
    /// When it was taken; `None` for one that cannot be read.
    pub taken_at: Option<Timestamp>,
    /// The greatest `timestamp` of the events in it.
    pub greatest_timestamp: Timestamp,
    /// The length of its text in bytes.
    pub bytes: u64,
    /// Whether the present rules made it. One of other rules is not used.
    pub is_current: bool,
}

impl StoredState {
    /// The state of a fold, to be kept; `None` before the first event.
    pub(crate) fn of(fold: &Fold, taken_at: Timestamp) -> Option<Self> {
        Some(Self {
            last: fold.last.clone()?,
            greatest_timestamp: fold.greatest_timestamp?,
            taken_at,
            state: fold.state.clone(),
            bytes: 0,
        })
    }

    /// What the store keeps; `None` for a state that is no object that a store takes.
    pub(crate) fn into_snapshot(self, key: SnapshotKey) -> Option<Snapshot> {
        let last = &self.last;
        let mut text = String::with_capacity(1_024);
        let numbers = [("position", last.position.0)];
        text.push('{');
        for (name, number) in numbers {
            text.push_str(&format!("\"{name}\":{number},"));
        }
        let texts = [
            ("eventId", Some(last.event_id.to_string())),
            ("eventType", Some(last.event_type.to_string())),
            ("timestamp", Some(last.timestamp.to_string())),
            ("recordedAt", Some(last.recorded_at.to_string())),
            ("actorId", last.actor_id.as_ref().map(ToString::to_string)),
            ("takenAt", Some(self.taken_at.to_string())),
        ];
        for (name, value) in texts.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            text.push_str(&format!("\"{name}\":"));
            write_json_string(&mut text, value);
            text.push(',');
        }
        text.push_str("\"state\":");
        self.state.write_json(&mut text);
        text.push('}');
        Some(Snapshot {
            key,
            version: last.version,
            greatest_timestamp: self.greatest_timestamp,
            state: JsonObject::new(text).ok()?,
        })
    }

    /// Reads what the store kept; `None` for anything that [`Self::into_snapshot`] did not make.
    pub(crate) fn from_snapshot(snapshot: &Snapshot) -> Option<Self> {
        let Value::Object(mut members) = Value::parse(snapshot.state.as_str()).ok()? else { return None };
        let state = members.remove("state").filter(|state| state.as_object().is_some())?;
        let text = |name| members.get(name).and_then(Value::as_str);
        let Some(Value::Number(position)) = members.get("position") else { return None };
        let last = EventRef {
            version: snapshot.version,
            position: Position(position.as_str().parse().ok()?),
            event_id: text("eventId")?.parse::<EventId>().ok()?,
            event_type: EventType::from_stored(text("eventType")?),
            timestamp: text("timestamp")?.parse().ok()?,
            recorded_at: text("recordedAt")?.parse().ok()?,
            actor_id: text("actorId").map(ActorId::from_stored),
        };
        let taken_at = text("takenAt")?.parse().ok()?;
        let (greatest_timestamp, bytes) = (snapshot.greatest_timestamp, snapshot.state.as_str().len());
        Some(Self { last, greatest_timestamp, taken_at, state, bytes })
    }
}
