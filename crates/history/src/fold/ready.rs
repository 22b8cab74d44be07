use annals_event::{JsonObject, RecordedEvent, StreamName};

use super::engine::Engine;
use super::upcast::Upcast;
use crate::error::HistoryError;
use crate::rules::Reducer;

/// An event with what a reducer gets of it.
pub(crate) struct ReadyEvent {
    pub(crate) event: RecordedEvent,
    pub(crate) given: Given,
}

/// What a reducer gets of an event.
pub(crate) enum Given {
    /// Its payload as it is stored.
    Stored,
    /// Its payload as upcasters made it.
    Upcast(JsonObject),
    /// All of it, behind its upcasters, as a text for a program.
    Text(String),
}

/// Events that are ready to be folded, and why the next one is not.
pub(crate) struct Prepared {
    pub(crate) ready: Vec<ReadyEvent>,
    pub(crate) failure: Option<HistoryError>,
}

impl Prepared {
    /// All events, where all of them are ready.
    pub(crate) fn all(self) -> Result<Vec<ReadyEvent>, HistoryError> {
        self.failure.map_or(Ok(self.ready), Err)
    }
}

impl ReadyEvent {
    /// The payload that is folded; none where it was erased.
    pub(super) fn payload(&self) -> Option<&JsonObject> {
        match &self.given {
            Given::Upcast(payload) => Some(payload),
            Given::Stored | Given::Text(_) => self.event.payload.value(),
        }
    }

    /// The text that a program gets; nothing where no program folds.
    pub(super) fn text(&self) -> &str {
        match &self.given {
            Given::Text(text) => text,
            Given::Stored | Given::Upcast(_) => "",
        }
    }
}

impl Engine {
    /// Takes events of a stream, in the order of their versions, through their upcasters.
    pub(crate) async fn prepare(
        &self,
        reducer: &Reducer,
        stream: &StreamName,
        events: Vec<RecordedEvent>,
    ) -> Prepared {
        let refs: Vec<&RecordedEvent> = events.iter().collect();
        let mut upcasts = match self.upcast(&refs).await {
            Ok(upcasts) => upcasts,
            Err(error) => return Prepared { ready: Vec::new(), failure: Some(error) },
        };
        let failed = upcasts.first_failed().and_then(|index| Some((index, events.get(index)?)));
        let (count, failure) = match failed {
            Some((index, event)) => (index, self.upcaster_failure(stream, event, &mut upcasts, index).await),
            None => (events.len(), None),
        };
        let ready = events.into_iter().take(count).enumerate();
        let ready = ready.map(|(index, event)| {
            let given = given(reducer, &event, upcasts.take(index));
            ReadyEvent { event, given }
        });
        Prepared { ready: ready.collect(), failure }
    }
}

/// What a reducer gets of an event.
pub(super) fn given(reducer: &Reducer, event: &RecordedEvent, upcast: Option<Upcast>) -> Given {
    match (reducer, upcast) {
        (Reducer::Jq(jq), upcast) => {
            let upcast = upcast.map(|Upcast { payload, schema_version }| (payload, schema_version));
            Given::Text(jq.event_text(event, upcast))
        }
        (_, None) => Given::Stored,
        (_, Some(upcast)) => Given::Upcast(upcast.payload),
    }
}
