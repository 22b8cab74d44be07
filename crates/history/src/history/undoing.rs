use annals_event::{JsonObject, StreamName, StreamVersion};
use annals_store::{Direction, EventReader, Query, ReadOptions};

use super::History;
use crate::change::{Change, changes};
use crate::error::HistoryError;
use crate::event_ref::EventRef;
use crate::merge::{Unrecorded, merge};
use crate::moment::Moment;
use crate::path::Path;
use crate::rules::Reducer;
use crate::value::{Members, Value};

/// So many of the events that are undone are named.
const UNDONE_NAMED_MAX: u64 = 1_000;

/// How an aggregate comes back to an earlier state.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// It is in that state.
    Nothing,
    /// An event with this payload brings it back, if it is appended behind the last event that is undone.
    Payload {
        /// The payload.
        payload: JsonObject,
        /// What it changes.
        changes: Vec<Change>,
        /// What it undoes.
        undone: Undone,
    },
    /// The reducer is a jq program, which nobody can invert: this is what an event would have to change.
    Difference {
        /// What it would have to change.
        changes: Vec<Change>,
        /// What it would undo.
        undone: Undone,
    },
}

/// The events behind the state that is brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// How many there are.
    pub count: u64,
    /// The last ones, at most 1,000, in the order of their versions.
    pub events: Vec<EventRef>,
}

impl History {
    /// What brings an aggregate back to its state at a version; 0 is the empty state before the first event.
    ///
    /// # Errors
    /// As [`History::state`], and [`HistoryError::NotExpressible`].
    pub async fn undo(&self, stream: &StreamName, version: StreamVersion) -> Result<Undo, HistoryError> {
        let diff = self.diff(stream, Moment::Now, Moment::Version(version)).await?;
        if diff.changes.is_empty() {
            return Ok(Undo::Nothing);
        }
        let undone = self.undone(stream, version, diff.from.version()).await?;
        let (present, wanted) = (&*diff.from.state, &*diff.to.state);
        let payload = match self.engine.rules.reducer(&stream.aggregate_type) {
            Reducer::Jq(_) => return Ok(Undo::Difference { changes: diff.changes, undone }),
            Reducer::Replace => wanted.clone(),
            Reducer::Merge => patch(present, wanted),
        };
        let not_expressible = |path: &Path| HistoryError::NotExpressible {
            stream: stream.clone(),
            version,
            path: path.to_string(),
        };
        let payload = JsonObject::new(payload.to_string()).map_err(|_| not_expressible(&Path::default()))?;
        if let Reducer::Merge = self.engine.rules.reducer(&stream.aggregate_type) {
            let mut result = present.clone();
            let merged = merge(&mut result, &payload, &mut Unrecorded);
            if let Some(left) = changes(&result, wanted).first().filter(|_| merged.is_ok()) {
                return Err(not_expressible(&left.path));
            }
        }
        Ok(Undo::Payload { payload, changes: diff.changes, undone })
    }

    async fn undone(
        &self,
        stream: &StreamName,
        behind: StreamVersion,
        head: StreamVersion,
    ) -> Result<Undone, HistoryError> {
        let count = head.0.saturating_sub(behind.0);
        let options = ReadOptions {
            direction: Direction::Backwards,
            limit: Some(count.min(UNDONE_NAMED_MAX)),
            ..ReadOptions::default()
        };
        let mut reader = EventReader::new(&*self.store, Query::stream(stream.clone()), options);
        let mut events = Vec::new();
        while let Some(page) = reader.next_page().await? {
            events.extend(page.iter().filter(|event| event.version <= head).map(EventRef::from));
        }
        events.reverse();
        Ok(Undone { count, events })
    }
}

/// The merge patch that makes `wanted` of `present`.
fn patch(present: &Value, wanted: &Value) -> Value {
    let (Value::Object(present), Value::Object(wanted)) = (present, wanted) else { return wanted.clone() };
    let mut patched = Members::default();
    for (name, value) in wanted.iter() {
        match present.get(name) {
            Some(known) if known == value => {}
            Some(known) => {
                patched.insert(name, patch(known, value));
            }
            None => {
                patched.insert(name, value.clone());
            }
        }
    }
    for (name, _) in present.iter().filter(|(name, _)| wanted.get(name).is_none()) {
        patched.insert(name, Value::Null);
    }
    Value::Object(patched)
}
