use std::collections::{BTreeMap, BTreeSet};

use annals_event::{EventType, JsonForm, JsonObject, RecordedEvent, SchemaVersion, StreamName};
use annals_jq::Batch;

use super::engine::{Engine, failure_on, one_object, reason_of};
use crate::error::HistoryError;
use crate::jq::Upcaster;
use crate::rules;

/// So many events, or bytes of them, are handed to an upcaster together.
const BATCH_EVENTS_MAX: usize = 512;
const BATCH_BYTES_MAX: usize = 1 << 20;

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
    /// The events of which nothing could be made, by index.
    failed: BTreeMap<usize, Failed>,
}

/// Why nothing could be made of an event.
struct Failed {
    upcaster: Upcaster,
    reason: String,
}

/// The indexes of events that one upcaster reads next.
type Due = BTreeMap<(EventType, SchemaVersion), Vec<usize>>;

impl Upcasts {
    /// The payload that was made of the event at `index`, if one was.
    fn of(&self, index: usize) -> Option<&Upcast> {
        self.made.get(index)?.as_ref()
    }

    /// The payload that was made of the event at `index`, to be kept.
    pub(super) fn take(&mut self, index: usize) -> Option<Upcast> {
        self.made.get_mut(index)?.take()
    }

    /// The first event of which nothing could be made.
    pub(super) fn first_failed(&self) -> Option<usize> {
        self.failed.keys().next().copied()
    }

    /// All events of which nothing could be made.
    pub(super) fn all_failed(&self) -> BTreeSet<usize> {
        self.failed.keys().copied().collect()
    }

    /// The payload of an event as far as it has come.
    fn payload<'a>(&'a self, index: usize, event: &'a RecordedEvent) -> Option<&'a JsonObject> {
        self.of(index).map(|upcast| &upcast.payload).or(event.payload.value())
    }
}

impl Engine {
    /// Takes the payloads of events, of whatever streams, through the upcasters that read them, as far as their chain
    /// goes.
    ///
    /// # Errors
    /// [`HistoryError::Worker`] and [`HistoryError::Interrupted`]: nothing is known of any of them.
    pub(super) async fn upcast(&self, events: &[&RecordedEvent]) -> Result<Upcasts, HistoryError> {
        let mut upcasts = Upcasts::default();
        if !self.rules.has_upcasters() {
            return Ok(upcasts);
        }
        upcasts.made.resize_with(events.len(), || None);
        // Each round takes every event one schema version further, so there are no more rounds than upcasters.
        loop {
            let due = self.due(events, &upcasts);
            if due.is_empty() {
                return Ok(upcasts);
            }
            for ((event_type, from), indexes) in due {
                let Some(upcaster) = self.rules.upcaster(&event_type, from) else { continue };
                let mut rest = indexes.as_slice();
                while !rest.is_empty() {
                    let done = self.upcast_some(events, &mut upcasts, (from, upcaster), rest).await?;
                    rest = rest.get(done.max(1)..).unwrap_or_default();
                }
            }
        }
    }

    fn due(&self, events: &[&RecordedEvent], upcasts: &Upcasts) -> Due {
        let mut due = Due::new();
        for (index, event) in events.iter().enumerate() {
            let version = upcasts.of(index).map_or(event.schema_version, |upcast| upcast.schema_version);
            let has_upcaster = self.rules.upcaster(&event.event_type, version).is_some();
            let has_payload = event.payload.value().is_some();
            if has_upcaster && has_payload && !upcasts.failed.contains_key(&index) {
                due.entry((event.event_type.clone(), version)).or_default().push(index);
            }
        }
        due
    }

    /// Takes the first of these events one schema version further; how many there were.
    async fn upcast_some(
        &self,
        events: &[&RecordedEvent],
        upcasts: &mut Upcasts,
        (from, upcaster): (SchemaVersion, &Upcaster),
        indexes: &[usize],
    ) -> Result<usize, HistoryError> {
        let program = upcaster.program();
        let failed = |source| HistoryError::Worker { program: program.name().to_owned(), source };
        let mut batch = Batch::new(program);
        for &index in indexes {
            if batch.len() >= BATCH_EVENTS_MAX || batch.bytes() >= BATCH_BYTES_MAX {
                break;
            }
            let event = events.get(index);
            let payload = event.and_then(|event| upcasts.payload(index, event));
            let (Some(event), Some(payload)) = (event, payload) else { continue };
            batch.push(payload.as_str(), &[&upcaster.event_text(event)]).map_err(failed)?;
        }
        let results = self.workers.run(program, batch).await?;
        let done = results.len();
        for (&index, result) in indexes.iter().zip(results) {
            let payload = result.map_err(|error| reason_of(&error)).and_then(|outputs| {
                JsonObject::new(one_object(&outputs)?).map_err(|error| error.to_string())
            });
            match payload {
                Ok(payload) => {
                    if let Some(made) = upcasts.made.get_mut(index) {
                        *made = Some(Upcast { payload, schema_version: rules::next(from) });
                    }
                }
                Err(reason) => {
                    upcasts.failed.insert(index, Failed { upcaster: upcaster.clone(), reason });
                }
            }
        }
        Ok(done)
    }

    /// Why an upcaster made nothing of the event at `index`, with the line on which it failed.
    pub(super) async fn upcaster_failure(
        &self,
        stream: &StreamName,
        event: &RecordedEvent,
        upcasts: &mut Upcasts,
        index: usize,
    ) -> Option<HistoryError> {
        let Failed { upcaster, reason } = upcasts.failed.remove(&index)?;
        let (program, text) = (upcaster.program(), upcaster.event_text(event));
        let line = match upcasts.payload(index, event) {
            Some(payload) => self.failing_line(program, payload.as_str(), &[&text]).await,
            None => None,
        };
        let failure = Box::new(failure_on(program.name(), line, stream, event, reason));
        Some(HistoryError::Upcaster { failure })
    }
}

impl Upcaster {
    /// The event as the program gets it.
    fn event_text(&self, event: &RecordedEvent) -> String {
        if self.has_variables() { event.to_json(JsonForm::Embedded) } else { "null".to_owned() }
    }
}
