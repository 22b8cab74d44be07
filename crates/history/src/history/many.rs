use std::collections::VecDeque;

use annals_event::{AggregateType, StreamName};
use annals_store::{StreamFilter, StreamSummary};

use super::History;
use crate::error::HistoryError;
use crate::moment::Moment;
use crate::state_at::StateAt;

/// So many names of aggregates are read at a time.
const NAMES_AHEAD: usize = 1_000;

/// The states of all aggregates of a type, one after the other, in the order of their names.
pub struct States<'a> {
    history: &'a History,
    filter: StreamFilter,
    moment: Moment,
    /// The size of the log of which all states are.
    size: Option<u64>,
    ahead: VecDeque<StreamSummary>,
    /// The last name that was read.
    after: Option<StreamName>,
    is_finished: bool,
}

impl History {
    /// The states of all aggregates of a type at a moment, in a log that does not grow meanwhile, and in constant
    /// memory. Aggregates that were not there yet, or did not come so far, are left out. The cache takes no part.
    #[must_use]
    pub fn states(&self, aggregate_type: AggregateType, moment: Moment) -> States<'_> {
        States {
            history: self,
            filter: StreamFilter { aggregate_type: Some(aggregate_type), search: None },
            moment,
            size: None,
            ahead: VecDeque::new(),
            after: None,
            is_finished: false,
        }
    }
}

impl States<'_> {
    /// The next state; `None` at the end.
    ///
    /// # Errors
    /// As [`History::state`]. Asked again, it goes on behind the aggregate that failed.
    pub async fn next(&mut self) -> Result<Option<StateAt>, HistoryError> {
        let size = match self.size {
            Some(size) => size,
            None => *self.size.insert(self.history.store.head().await?.size),
        };
        while let Some(stream) = self.next_stream().await? {
            let Some(recent) = self.history.recent_if_any(&stream, Some(size)).await? else {
                continue;
            };
            match self.history.state_of(&stream, self.moment, recent).await {
                Ok(state) if state.last.is_some() => return Ok(Some(state)),
                Ok(_) | Err(HistoryError::NoVersion { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    async fn next_stream(&mut self) -> Result<Option<StreamName>, HistoryError> {
        if self.ahead.is_empty() && !self.is_finished {
            let streams = self.history.store.streams(&self.filter, self.after.as_ref(), NAMES_AHEAD).await?;
            self.is_finished = streams.len() < NAMES_AHEAD;
            self.after = streams.last().map(|summary| summary.stream.clone());
            self.ahead = streams.into();
        }
        Ok(self.ahead.pop_front().map(|summary| summary.stream))
    }
}
