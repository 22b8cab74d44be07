use std::collections::VecDeque;

use annals_event::{RecordedEvent, StreamName};
use annals_store::EventReader;

use super::History;
use crate::change::Change;
use crate::error::HistoryError;
use crate::fold::{Fold, Outcome};
use crate::moment::{Moment, Span};
use crate::stream::Extent;
use crate::value::Value;

/// An event and what it did to the state.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// The event.
    pub event: RecordedEvent,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// An event with the states around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The event.
    pub event: RecordedEvent,
    /// The state before it.
    pub before: Value,
    /// The state behind it.
    pub after: Value,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// The events of a part of a stream, each with what it changed.
pub struct Timeline<'a> {
    walk: Walk<'a>,
    span: Span,
}

/// The events of a stream, each with the states around it.
pub struct Replay<'a> {
    walk: Walk<'a>,
}

impl History {
    /// The events of an aggregate in the order of their versions, each with what it changed, in constant memory.
    #[must_use]
    pub fn timeline(&self, stream: StreamName, span: Span) -> Timeline<'_> {
        // Every event changes the state as it stands in the stream, so none may be left out on the way.
        let until = match span.to {
            Some(until @ (Moment::Version(_) | Moment::Recorded(_))) => until,
            Some(Moment::Now | Moment::Time(_)) | None => Moment::Now,
        };
        Timeline { walk: Walk::new(self, stream, until), span }
    }

    /// The events that make the state at a moment, in the order of their versions, each with the states around it. A
    /// copy of the state is made for each event.
    #[must_use]
    pub fn replay(&self, stream: StreamName, until: Moment) -> Replay<'_> {
        Replay { walk: Walk::new(self, stream, until) }
    }
}

impl Timeline<'_> {
    /// The next event with what it changed; `None` at the end.
    ///
    /// # Errors
    /// As [`History::state`]. The events before the one that cannot be folded are given first.
    pub async fn next(&mut self) -> Result<Option<TimelineEntry>, HistoryError> {
        while let Some((event, changes)) = self.walk.next().await? {
            if self.span.contains(&event) {
                return Ok(Some(TimelineEntry { event, changes }));
            }
        }
        Ok(None)
    }
}

impl Replay<'_> {
    /// The next event with the states around it; `None` at the end.
    ///
    /// # Errors
    /// As [`History::state`]. The events before the one that cannot be folded are given first.
    pub async fn next(&mut self) -> Result<Option<Step>, HistoryError> {
        let before = self.walk.state().cloned().unwrap_or_else(Value::empty_object);
        let next = self.walk.next().await?;
        let after = || self.walk.state().cloned().unwrap_or_else(Value::empty_object);
        Ok(next.map(|(event, changes)| Step { event, before, after: after(), changes }))
    }
}

/// Goes through a stream event by event.
pub(super) struct Walk<'a> {
    history: &'a History,
    stream: StreamName,
    until: Moment,
    /// `None` before the first event was asked for.
    reading: Option<Reading<'a>>,
    ahead: VecDeque<(RecordedEvent, Outcome)>,
    /// Why there is nothing behind what lies ahead.
    failure: Option<HistoryError>,
}

struct Reading<'a> {
    reader: EventReader<'a>,
    extent: Extent,
    fold: Fold,
}

impl<'a> Walk<'a> {
    pub(super) fn new(history: &'a History, stream: StreamName, until: Moment) -> Self {
        Self { history, stream, until, reading: None, ahead: VecDeque::new(), failure: None }
    }

    /// The state behind the last event that was given.
    pub(super) fn state(&self) -> Option<&Value> {
        self.reading.as_ref().map(|reading| &reading.fold.state)
    }

    /// The fold of all that was given.
    pub(super) fn into_fold(self) -> Option<Fold> {
        self.reading.map(|reading| reading.fold)
    }

    /// The next event, folded, and what it changed; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<(RecordedEvent, Vec<Change>)>, HistoryError> {
        let reading = match &mut self.reading {
            Some(reading) => reading,
            none => none.insert(begin(self.history, &self.stream, self.until).await?),
        };
        while self.ahead.is_empty() {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            let Some(mut events) = reading.reader.next_page().await? else { return Ok(None) };
            events.retain(|event| reading.extent.contains(event));
            let (ahead, failure) = reading.fold.outcomes(events).await;
            (self.ahead, self.failure) = (ahead.into(), failure);
        }
        let Some((event, outcome)) = self.ahead.pop_front() else { return Ok(None) };
        let changes = reading.fold.advance(&event, outcome)?;
        Ok(Some((event, changes)))
    }
}

async fn begin<'a>(
    history: &'a History,
    stream: &StreamName,
    until: Moment,
) -> Result<Reading<'a>, HistoryError> {
    let recent = history.recent(stream, None).await?;
    let extent = history.extent(stream, until, &recent).await?;
    let reader = extent.reader(&*history.store, stream.clone(), None, recent.size);
    Ok(Reading { reader, extent, fold: history.fold(stream, None) })
}
