use std::collections::VecDeque;

use annals_event::{RecordedEvent, StreamName, StreamVersion, Timestamp};

use super::History;
use crate::ahead::Ahead;
use crate::change::Change;
use crate::error::HistoryError;
use crate::fold::{Fold, Outcome, Outcomes};
use crate::moment::{Moment, Span};
use crate::snapshot::StoredState;
use crate::stream::{Extent, Recent};
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
    /// The events of an aggregate in the order of their versions, each with what it changed, in constant memory. It
    /// begins at the nearest snapshot that serves. While an event is looked at, the next ones are worked out by tasks of
    /// the current Tokio runtime.
    #[must_use]
    pub fn timeline(&self, stream: StreamName, span: Span) -> Timeline<'_> {
        // Every event changes the state as it stands in the stream, so none may be left out on the way.
        let until = match span.to {
            Some(until @ (Moment::Version(_) | Moment::Recorded(_))) => until,
            Some(Moment::Now | Moment::Time(_)) | None => Moment::Now,
        };
        Timeline { walk: Walk::new(self, stream, span.from, until), span }
    }

    /// The events that make the state at a moment, in the order of their versions, each with the states around it. A
    /// copy of the state is made for each event.
    #[must_use]
    pub fn replay(&self, stream: StreamName, until: Moment) -> Replay<'_> {
        Replay { walk: Walk::new(self, stream, None, until) }
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
    /// Which events must be given; those before may be left out.
    from: Option<Moment>,
    until: Moment,
    /// `None` before the first event was asked for.
    folding: Option<Folding>,
}

struct Folding {
    fold: Fold,
    /// What the next events make of the state.
    next: VecDeque<(RecordedEvent, Outcome)>,
    ahead: Ahead<Outcomes>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(history: &'a History, stream: StreamName, from: Option<Moment>, until: Moment) -> Self {
        Self { history, stream, from, until, folding: None }
    }

    /// The state behind the last event that was given.
    pub(super) fn state(&self) -> Option<&Value> {
        self.folding.as_ref().map(|folding| &folding.fold.state)
    }

    /// The fold of all that was given.
    pub(super) fn into_fold(self) -> Option<Fold> {
        self.folding.map(|folding| folding.fold)
    }

    /// The next event, folded, and what it changed; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<(RecordedEvent, Vec<Change>)>, HistoryError> {
        if self.folding.is_none() {
            self.folding = Some(self.begin().await?);
        }
        let Some(Folding { fold, next, ahead }) = &mut self.folding else { return Ok(None) };
        while next.is_empty() {
            match ahead.next().await? {
                Some(outcomes) => *next = outcomes.into(),
                None => return Ok(None),
            }
        }
        let Some((event, outcome)) = next.pop_front() else { return Ok(None) };
        let changes = fold.advance(&event, outcome)?;
        Ok(Some((event, changes)))
    }

    async fn begin(&self) -> Result<Folding, HistoryError> {
        let (history, stream) = (self.history, &self.stream);
        let recent = history.recent(stream, None).await?;
        let extent = history.extent(stream, self.until, &recent).await?;
        let start = match self.from {
            Some(from) => history.start_before(stream, from, extent, &recent).await?,
            None => None,
        };
        let fold = history.fold(stream, start);
        let ahead = fold.outcomes(history.ready(&fold, extent, recent.size));
        Ok(Folding { fold, next: VecDeque::new(), ahead })
    }
}

impl History {
    /// The nearest snapshot in which there is no event that belongs behind `from`.
    async fn start_before(
        &self,
        stream: &StreamName,
        from: Moment,
        extent: Extent,
        recent: &Recent,
    ) -> Result<Option<StoredState>, HistoryError> {
        let behind = |timestamp: Timestamp| Timestamp::from_micros(timestamp.as_micros() - 1).ok();
        let before = match from {
            Moment::Now => Some(extent),
            Moment::Version(version) => {
                let before = StreamVersion(version.0.saturating_sub(1));
                Some(Extent { version: before.min(extent.version), timestamp: None })
            }
            Moment::Time(time) => behind(time).map(|time| Extent { timestamp: Some(time), ..extent }),
            Moment::Recorded(time) => match behind(time) {
                Some(time) => {
                    let known = self.extent(stream, Moment::Recorded(time), recent).await?;
                    Some(Extent { version: known.version.min(extent.version), timestamp: None })
                }
                None => None,
            },
        };
        match before {
            Some(before) => self.nearest(stream, before).await,
            None => Ok(None),
        }
    }
}
