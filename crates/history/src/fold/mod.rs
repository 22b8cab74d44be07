//! Folding the events of one stream, in the order of their versions.

mod engine;
mod jq_fold;
mod outcome;
mod outcomes;
mod ready;
mod together;
mod upcast;

use std::sync::Arc;

use annals_event::{RecordedEvent, StreamName, StreamVersion, Timestamp};

pub(crate) use engine::Engine;
pub(crate) use outcome::Outcome;
pub(crate) use outcomes::Outcomes;
pub(crate) use ready::{Prepared, ReadyEvent};
pub(crate) use together::Stretch;

use crate::ahead::Ahead;
use crate::change::Change;
use crate::error::HistoryError;
use crate::event_ref::EventRef;
use crate::rules::Reducer;
use crate::snapshot::StoredState;
use crate::state_at::{Late, Source, StateAt};
use crate::value::Value;

/// A state that is being folded.
pub(crate) struct Fold {
    engine: Arc<Engine>,
    reducer: Reducer,
    pub(crate) stream: StreamName,
    pub(crate) state: Value,
    /// The last event that was folded.
    pub(crate) last: Option<EventRef>,
    pub(crate) late: Late,
    /// The greatest timestamp of the events in the state.
    pub(crate) greatest_timestamp: Option<Timestamp>,
    pub(crate) folded: u64,
    /// Whether an event was left out, behind which every other one is late.
    has_left_out: bool,
}

impl Fold {
    /// A state before the first event, or behind a snapshot.
    pub(crate) fn new(engine: &Arc<Engine>, stream: StreamName, start: Option<StoredState>) -> Self {
        let reducer = engine.rules.reducer(&stream.aggregate_type).clone();
        let mut fold = Self {
            engine: Arc::clone(engine),
            reducer,
            stream,
            state: Value::empty_object(),
            last: None,
            late: Late::default(),
            greatest_timestamp: None,
            folded: 0,
            has_left_out: false,
        };
        if let Some(stored) = start {
            fold.state = stored.state;
            fold.last = Some(stored.last);
            fold.greatest_timestamp = Some(stored.greatest_timestamp);
        }
        fold
    }

    /// The version of the last event that was folded; 0 before the first.
    pub(crate) fn version(&self) -> StreamVersion {
        self.last.as_ref().map_or(StreamVersion(0), |last| last.version)
    }

    /// Takes the next events, in the order of their versions, through their upcasters.
    pub(crate) async fn prepare(&self, events: Vec<RecordedEvent>) -> Prepared {
        self.engine.prepare(&self.reducer, &self.stream, events).await
    }

    /// Folds events whose states in between nobody wants to see. After an error the state is of no use any more.
    pub(crate) async fn fold(&mut self, events: &[ReadyEvent]) -> Result<(), HistoryError> {
        self.engine.fold(&self.reducer, &self.stream, &mut self.state, events).await?;
        self.note_all(events);
        Ok(())
    }

    /// What the events make of the state that [`Self::advance`] folds one by one.
    pub(crate) fn outcomes(&self, ready: Ahead<Vec<ReadyEvent>>) -> Ahead<Outcomes> {
        self.engine.outcomes(self.stream.clone(), &self.state, ready)
    }

    /// Folds one event; what it changed. After an error the state is of no use any more.
    pub(crate) fn advance(
        &mut self,
        event: &RecordedEvent,
        outcome: Outcome,
    ) -> Result<Vec<Change>, HistoryError> {
        let changes = outcome
            .apply(&self.reducer, event, &mut self.state)
            .map_err(|error| engine::unusable(&self.reducer, &self.stream, event, &error))?;
        self.note(event, self.version());
        self.last = Some(event.into());
        Ok(changes)
    }

    /// The state as an answer.
    pub(crate) fn into_state_at(self, source: Source) -> StateAt {
        StateAt {
            stream: self.stream,
            last: self.last,
            late: self.late,
            state: Arc::new(self.state),
            source,
            folded: self.folded,
        }
    }

    fn note_all(&mut self, events: &[ReadyEvent]) {
        let mut last_version = self.version();
        for ReadyEvent { event, .. } in events {
            self.note(event, last_version);
            last_version = event.version;
        }
        self.last = events.last().map(|ready| EventRef::from(&ready.event)).or(self.last.take());
    }

    fn note(&mut self, event: &RecordedEvent, last_version: StreamVersion) {
        self.folded += 1;
        self.greatest_timestamp = self.greatest_timestamp.max(Some(event.timestamp));
        self.has_left_out |= event.version != last_version.next();
        if self.has_left_out {
            self.late.push(event.into());
        }
    }
}
