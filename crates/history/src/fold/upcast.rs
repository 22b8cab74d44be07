use std::collections::BTreeMap;

use annals_event::{EventType, JsonForm, JsonObject, RecordedEvent, SchemaVersion, StreamName};
use annals_jq::{Batch, RecordResult};

use super::engine::{Engine, failure_on, one_object, reason_of};
use crate::error::HistoryError;
use crate::jq::Upcaster;
use crate::rules;

/// So many events are handed to an upcaster together.
const BATCH_EVENTS_MAX: usize = 512;

/// A payload behind upcasters.
pub(super) struct Upcast {
    pub(super) payload: JsonObject,
    pub(super) schema_version: SchemaVersion,
}

/// What upcasters made of events.
#[derive(Default)]
pub(super) struct Upcasts {
    /// By the index of the event; empty where there are no upcasters at all.
    made: Vec<Option<Upcast>>,
    /// The first event of which nothing could be made. What lies behind it is not of interest.
    failed: Option<(usize, HistoryError)>,
}

/// The indexes of events that one upcaster reads next.
type Due = BTreeMap<(EventType, SchemaVersion), Vec<usize>>;

impl Upcasts {
    /// The payload that was made of the event at `index`, if one was.
    pub(super) fn of(&self, index: usize) -> Option<&Upcast> {
        self.made.get(index)?.as_ref()
    }

    /// The payload that was made of the event at `index`, to be kept.
    pub(super) fn take(&mut self, index: usize) -> Option<Upcast> {
        self.made.get_mut(index)?.take()
    }

    /// How many of `count` events are ready to be folded, and why it is not all.
    pub(super) fn ready(&mut self, count: usize) -> (usize, Option<HistoryError>) {
        self.failed.take().map_or((count, None), |(index, error)| (index, Some(error)))
    }

    fn fail(&mut self, index: usize, error: HistoryError) {
        if self.failed.as_ref().is_none_or(|(first, _)| index < *first) {
            self.failed = Some((index, error));
        }
    }
}

impl Engine {
    /// Takes the payloads of events through the upcasters that read them, as far as their chain goes.
    pub(super) async fn upcast(&self, stream: &StreamName, events: &[RecordedEvent]) -> Upcasts {
        let mut upcasts = Upcasts::default();
        if !self.rules.has_upcasters() {
            return upcasts;
        }
        upcasts.made.resize_with(events.len(), || None);
        // Each round takes every event one schema version further, so there are no more rounds than upcasters.
        loop {
            let due = self.due(events, &upcasts);
            if due.is_empty() {
                return upcasts;
            }
            for ((event_type, from), indexes) in due {
                let Some(upcaster) = self.rules.upcaster(&event_type, from) else { continue };
                for indexes in indexes.chunks(BATCH_EVENTS_MAX) {
                    self.upcast_batch(stream, events, &mut upcasts, (from, upcaster), indexes).await;
                }
            }
        }
    }

    fn due(&self, events: &[RecordedEvent], upcasts: &Upcasts) -> Due {
        let end = upcasts.failed.as_ref().map_or(events.len(), |(index, _)| *index);
        let mut due = Due::new();
        for (index, event) in events.iter().enumerate().take(end) {
            let version = upcasts.of(index).map_or(event.schema_version, |upcast| upcast.schema_version);
            let has_upcaster = self.rules.upcaster(&event.event_type, version).is_some();
            if has_upcaster && event.payload.value().is_some() {
                due.entry((event.event_type.clone(), version)).or_default().push(index);
            }
        }
        due
    }

    async fn upcast_batch(
        &self,
        stream: &StreamName,
        events: &[RecordedEvent],
        upcasts: &mut Upcasts,
        (from, upcaster): (SchemaVersion, &Upcaster),
        indexes: &[usize],
    ) {
        let program = upcaster.program();
        let results = self.run_upcaster(events, upcasts, upcaster, indexes).await;
        let results = match results {
            Ok(results) => results,
            Err(error) => return upcasts.fail(indexes.first().copied().unwrap_or_default(), error),
        };
        for (&index, result) in indexes.iter().zip(results) {
            let made = result.map_err(|error| reason_of(&error)).and_then(|outputs| {
                JsonObject::new(one_object(&outputs)?).map_err(|error| error.to_string())
            });
            match (made, events.get(index)) {
                (Ok(payload), _) => {
                    if let Some(made) = upcasts.made.get_mut(index) {
                        *made = Some(Upcast { payload, schema_version: rules::next(from) });
                    }
                }
                (Err(reason), Some(event)) => {
                    let line = self.failing_line_of(upcaster, event, upcasts.of(index)).await;
                    let failure = Box::new(failure_on(program.name(), line, stream, event, reason));
                    upcasts.fail(index, HistoryError::Upcaster { failure });
                }
                (Err(_), None) => {}
            }
        }
    }

    async fn failing_line_of(
        &self,
        upcaster: &Upcaster,
        event: &RecordedEvent,
        before: Option<&Upcast>,
    ) -> Option<usize> {
        let payload = before.map(|upcast| &upcast.payload).or(event.payload.value())?;
        let event = event.to_json(JsonForm::Embedded);
        self.failing_line(upcaster.program(), payload.as_str(), &[&event]).await
    }

    async fn run_upcaster(
        &self,
        events: &[RecordedEvent],
        upcasts: &Upcasts,
        upcaster: &Upcaster,
        indexes: &[usize],
    ) -> Result<Vec<RecordResult>, HistoryError> {
        let program = upcaster.program();
        let failed = |source| HistoryError::Worker { program: program.name().to_owned(), source };
        let mut batch = Batch::new(program);
        for &index in indexes {
            let Some(event) = events.get(index) else { continue };
            let payload = upcasts.of(index).map(|upcast| &upcast.payload).or(event.payload.value());
            let Some(payload) = payload else { continue };
            batch.push(payload.as_str(), &[&event.to_json(JsonForm::Embedded)]).map_err(failed)?;
        }
        self.workers.run(program, batch).await
    }
}
