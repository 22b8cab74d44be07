//! Folding the events of one stream, in the order of their versions.

mod engine;
mod jq_fold;
mod outcome;
mod upcast;

use std::sync::Arc;

use annals_event::{RecordedEvent, StreamName, StreamVersion, Timestamp};

pub(crate) use engine::Engine;
pub(crate) use outcome::Outcome;

use crate::change::Change;
use crate::error::HistoryError;
use crate::event_ref::EventRef;
use crate::rules::Reducer;
use crate::snapshot::StoredState;
use crate::state_at::Late;
use crate::value::Value;

/// A state that is being folded.
pub(crate) struct Fold {
    engine: Arc<Engine>,
    reducer: Reducer,
    stream: StreamName,
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

/// Events with what each makes of the state, and why there is nothing for the next one.
pub(crate) type Outcomes = (Vec<(RecordedEvent, Outcome)>, Option<HistoryError>);

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

    /// Folds events whose states in between nobody wants to see. After an error the state is of no use any more.
    pub(crate) async fn fold(&mut self, events: &[RecordedEvent]) -> Result<(), HistoryError> {
        self.engine.fold(&self.reducer, &self.stream, &mut self.state, events).await?;
        let mut last_version = self.version();
        for event in events {
            self.note(event, last_version);
            last_version = event.version;
        }
        self.last = events.last().map(EventRef::from).or(self.last.take());
        Ok(())
    }

    /// Prepares events to be folded one by one with [`Self::advance`].
    pub(crate) async fn outcomes(&self, events: Vec<RecordedEvent>) -> Outcomes {
        self.engine.outcomes(&self.reducer, &self.stream, &self.state, events).await
    }

    /// Folds one event; what it changed. After an error the state is of no use any more.
    pub(crate) fn advance(
        &mut self,
        event: &RecordedEvent,
        outcome: Outcome,
    ) -> Result<Vec<Change>, HistoryError> {
        let changes = outcome
            .apply(&self.reducer, event, &mut self.state)
            .map_err(|error| engine::unreadable(&self.stream, event, &error))?;
        self.note(event, self.version());
        self.last = Some(event.into());
        Ok(changes)
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
