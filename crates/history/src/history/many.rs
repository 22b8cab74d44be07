use std::collections::VecDeque;

use annals_event::{AggregateType, StreamName};
use annals_store::{StreamFilter, StreamSummary};

use super::History;
use super::together::{Answer, Asked};
use crate::ahead::Ahead;
use crate::error::HistoryError;
use crate::moment::Moment;
use crate::state_at::StateAt;

/// So many names of aggregates are read at a time.
const NAMES_AHEAD: usize = 1_000;

/// So many groups of aggregates are under way while another one is looked at, so that the store and the programs
/// both have something to do.
const GROUPS_AHEAD: usize = 2;

/// A group has about so many events, and at most so many aggregates.
const GROUP_EVENTS: u64 = 2_000;
const GROUP_AGGREGATES_MAX: usize = 200;

/// The states of all aggregates of a type, one after the other, in the order of their names.
pub struct States<'a> {
    history: &'a History,
    filter: StreamFilter,
    moment: Moment,
    /// The size of the log of which all states are.
    size: Option<u64>,
    names: VecDeque<StreamSummary>,
    /// The last name that was read, and whether there are others behind it.
    after: Option<StreamName>,
    is_finished: bool,
    /// In the order of the names.
    under_way: VecDeque<Ahead<Vec<Answer>>>,
    answers: VecDeque<Answer>,
}

impl History {
    /// The states of all aggregates of a type at a moment, in a log that does not grow meanwhile, and in constant
    /// memory. Aggregates that were not there yet, or did not come so far, are left out. The cache takes no part.
    ///
    /// While some are looked at, others are worked out by tasks of the current Tokio runtime.
    #[must_use]
    pub fn states(&self, aggregate_type: AggregateType, moment: Moment) -> States<'_> {
        States {
            history: self,
            filter: StreamFilter { aggregate_type: Some(aggregate_type), search: None },
            moment,
            size: None,
            names: VecDeque::new(),
            after: None,
            is_finished: false,
            under_way: VecDeque::new(),
            answers: VecDeque::new(),
        }
    }
}

impl States<'_> {
    /// The next state; `None` at the end.
    ///
    /// # Errors
    /// As [`History::state`]. Asked again, it goes on behind the aggregate that failed.
    pub async fn next(&mut self) -> Result<Option<StateAt>, HistoryError> {
        loop {
            while let Some(answer) = self.answers.pop_front() {
                if let Some(state) = answer? {
                    return Ok(Some(state));
                }
            }
            self.begin_groups().await?;
            let Some(group) = self.under_way.front_mut() else { return Ok(None) };
            match group.next().await {
                Ok(Some(answers)) => self.answers = answers.into(),
                Ok(None) => drop(self.under_way.pop_front()),
                Err(error) => {
                    self.under_way.pop_front();
                    return Err(error);
                }
            }
        }
    }

    async fn begin_groups(&mut self) -> Result<(), HistoryError> {
        let size = match self.size {
            Some(size) => size,
            None => *self.size.insert(self.history.store.head().await?.size),
        };
        while self.under_way.len() <= GROUPS_AHEAD {
            let group = self.next_group().await?;
            if group.is_empty() {
                break;
            }
            let asked = Asked { history: self.history.clone(), moment: self.moment, size };
            self.under_way.push_back(Ahead::spawn(|taker| asked.answer(group, taker)));
        }
        Ok(())
    }

    /// The next names that are worked on together; none at the end.
    async fn next_group(&mut self) -> Result<Vec<StreamName>, HistoryError> {
        if self.names.is_empty() && !self.is_finished {
            let names = self.history.store.streams(&self.filter, self.after.as_ref(), NAMES_AHEAD).await?;
            self.is_finished = names.len() < NAMES_AHEAD;
            self.after = names.last().map(|summary| summary.stream.clone());
            self.names = names.into();
        }
        let mut events = 0_u64;
        let mut group = Vec::new();
        while events < GROUP_EVENTS && group.len() < GROUP_AGGREGATES_MAX {
            let Some(StreamSummary { stream, version, .. }) = self.names.pop_front() else { break };
            events = events.saturating_add(version.0);
            group.push(stream);
        }
        Ok(group)
    }
}
