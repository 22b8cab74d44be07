use annals_event::{Committed, NewEvent, Opening, Position, RecordedEvent, Secret, StreamName};
use annals_tlog::RecordedAtText;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::prepare::{CarriedPlace, Given, PreparedAppend, PreparedEvent};
use crate::proof_store::ProvableEvent;

/// A store that takes over what another store of the same log holds.
#[async_trait]
pub trait CarryStore: Send + Sync {
    /// Records events as another store of this log has recorded them: at the same positions, with the same versions, times
    /// of recording and secrets, so that every leaf and the root are the same. They stand one behind the other. The answer
    /// comes after the commit is on disk.
    ///
    /// # Errors
    /// [`StoreError::ConditionFailed`] when the log does not end where they begin, [`StoreError::Corrupt`] when an event is
    /// not what its leaf says, [`StoreError::InvalidAppend`] for one of which a field was erased. Those before it may be
    /// recorded then.
    async fn carry(&self, events: Vec<ProvableEvent>) -> Result<(), StoreError>;
}

/// Makes appends of events that another store has recorded, one for each moment of recording.
///
/// # Errors
/// As [`CarryStore::carry`].
pub fn prepare_carried(events: Vec<ProvableEvent>) -> Result<Vec<PreparedAppend>, StoreError> {
    let mut appends: Vec<PreparedAppend> = Vec::new();
    for provable in events {
        let (position, recorded_at) = (provable.event.position, provable.event.recorded_at);
        let event = prepared(provable)?;
        let same_moment = |append: &&mut PreparedAppend| {
            append.carried.is_some_and(|place| place.recorded_at == recorded_at)
        };
        match appends.last_mut().filter(same_moment) {
            Some(append) => append.events.push(event),
            None => appends.push(PreparedAppend {
                events: vec![event],
                expected: Vec::new(),
                condition: None,
                cursors: Vec::new(),
                carried: Some(CarriedPlace { position, recorded_at }),
            }),
        }
    }
    Ok(appends)
}

impl CarriedPlace {
    /// Whether the log ends where carried events begin.
    ///
    /// # Errors
    /// [`StoreError::ConditionFailed`].
    pub fn must_follow(self, size: u64) -> Result<(), StoreError> {
        if self.position.0 == size {
            return Ok(());
        }
        Err(StoreError::ConditionFailed { position: Position(size.saturating_sub(1)) })
    }
}

/// The event as it was when it was to be recorded for the first time; nothing where a field was erased.
fn from_recorded(event: RecordedEvent, secret: Secret) -> Option<PreparedEvent> {
    fn value<T>(field: Committed<T>) -> Option<T> {
        match field {
            Committed::Value(value) => Some(value),
            Committed::Erased(_) => None,
        }
    }
    let stream =
        StreamName { aggregate_type: event.aggregate_type, aggregate_id: value(event.aggregate_id)? };
    let sent = NewEvent {
        event_id: Some(event.event_id),
        timestamp: Some(event.timestamp),
        actor_id: Some(value(event.actor_id)?),
        schema_version: Some(event.schema_version),
        tags: value(event.tags)?,
        metadata: value(event.metadata)?,
        context: value(event.context)?,
        ..NewEvent::new(stream, event.event_type, value(event.payload)?)
    };
    let given = Given { event_id: event.event_id, id_is_made: false, now: event.timestamp, secret };
    Some(PreparedEvent::new(sent, given))
}

/// The event as it was when it was to be recorded for the first time, if its leaf is the one that it says.
fn prepared(provable: ProvableEvent) -> Result<PreparedEvent, StoreError> {
    let ProvableEvent { event, opening, leaf_hash } = provable;
    let (position, version, recorded_at) = (event.position, event.version, event.recorded_at);
    let prepared = match opening {
        Opening::Secret(secret) => from_recorded(event, secret),
        Opening::Salts(_) => None,
    };
    let prepared = prepared.ok_or_else(|| StoreError::InvalidAppend {
        reason: format!("the event at position {position} has an erased field, and is not carried over"),
    })?;
    if prepared.leaf_hash(&RecordedAtText::from(recorded_at), version) != leaf_hash {
        let reason =
            format!("the event at position {position} is not what its leaf says; run 'annals verify'");
        return Err(StoreError::Corrupt { reason });
    }
    Ok(prepared)
}
