//! What stands in memory of the events that are not sealed: where to look for them.
//!
//! Blocks get their look-ups when they are full. Whatever is behind the last sealed block is known here, in every
//! process that lives long enough; what is not known, because there is too much of it or it was just written by
//! somebody else, is scanned. So a tail that lags costs speed, never the truth of an answer.

mod postings;
mod term;
mod view;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_postgres::Row;

use crate::connection::Session;
use crate::errors::Failure;
use crate::payload_path::PayloadPaths;
use crate::sql;
use postings::{Posting, Postings};
pub(crate) use term::{EventTerms, Term};
pub(crate) use view::{TailView, Wanted};

/// More events than this are not held in memory.
const EVENTS_MAX: u64 = 1 << 21;

/// So many events are learnt by whoever needs them at this moment; more are learnt in the background.
const LEARNT_AT_ONCE_MAX: u64 = 4_096;

/// So many events are learnt by one statement.
const LEARNT_EVENTS_MAX: u64 = 16_384;

/// Where the events lie that are not sealed, as far as this process knows.
pub(crate) struct Tail {
    state: Mutex<State>,
    /// What is looked up in payloads.
    paths: Arc<PayloadPaths>,
    /// Told when there is more to be learnt than anybody wants to wait for.
    behind: Notify,
}

/// Where events lie that stand one behind the other, found out before the tail takes it in.
pub(crate) struct Whereabouts {
    first: u64,
    until: u64,
    postings: Vec<Posting>,
}

struct State {
    /// Events below this position have look-ups in the database.
    sealed: u64,
    /// Events from there on and below this position are known here.
    until: u64,
    postings: Postings,
}

impl Tail {
    /// The tail of a log that is sealed up to a position, of which nothing is known so far.
    pub(crate) fn behind(sealed: u64, paths: PayloadPaths) -> Self {
        let state = State { sealed, until: sealed, postings: Postings::default() };
        Self { state: Mutex::new(state), paths: Arc::new(paths), behind: Notify::new() }
    }

    /// What is looked up in payloads.
    pub(crate) fn paths(&self) -> &PayloadPaths {
        &self.paths
    }

    /// What is known at this moment.
    pub(crate) fn view(&self) -> TailView {
        let state = self.state();
        TailView {
            sealed: state.sealed,
            until: state.until,
            postings: state.postings.clone(),
            paths: Arc::clone(&self.paths),
        }
    }

    /// Whether all events below `size` are sealed or known.
    pub(crate) fn reaches(&self, size: u64) -> bool {
        self.state().until >= size
    }

    /// Learns up to where the log is sealed, and forgets what lies below.
    pub(crate) fn learn_sealed(&self, sealed: u64) {
        let mut state = self.state();
        if sealed > state.sealed {
            state.sealed = sealed;
            state.until = state.until.max(sealed);
            state.postings.forget_below(sealed);
        }
    }

    /// Finds out where to look for events that stand one behind the other, the first at this position.
    pub(crate) fn locate<'e>(
        &self,
        first: u64,
        events: impl ExactSizeIterator<Item = EventTerms<'e>>,
    ) -> Whereabouts {
        let pointers = self.paths.pointers();
        let until = first.saturating_add(events.len() as u64);
        let mut postings = Vec::with_capacity(events.len() * 6);
        for (position, event) in (first..until).zip(events) {
            event.each(&pointers, |term| postings.push(Posting { term, position }));
        }
        Whereabouts { first, until, postings }
    }

    /// Takes in where events lie. What is known already is left out, and so is everything where something between is
    /// missing.
    pub(crate) fn take_in(&self, Whereabouts { first, until, mut postings }: Whereabouts) {
        let mut state = self.state();
        if first > state.until || until - state.sealed.min(until) > EVENTS_MAX {
            return;
        }
        let known = state.until;
        postings.retain(|posting| posting.position >= known);
        state.postings.extend(postings);
        state.until = known.max(until);
    }

    /// Learns what was written below `size`, if it is not too much to wait for; else it is learnt in the background.
    pub(crate) async fn catch_up(&self, session: &Session, size: u64) -> Result<(), Failure> {
        let known = self.state().until;
        if size.saturating_sub(known) > LEARNT_AT_ONCE_MAX {
            self.behind.notify_one();
        } else if size > known {
            self.learn(session, (known, size)).await?;
        }
        Ok(())
    }

    /// Waits until there is more to be learnt than anybody wants to wait for.
    pub(crate) async fn wait_until_behind(&self) {
        self.behind.notified().await;
    }

    /// Learns everything that was written below `size`, page by page.
    pub(crate) async fn catch_up_wholly(&self, session: &Session, size: u64) -> Result<(), Failure> {
        loop {
            let known = self.state().until;
            if known >= size {
                return Ok(());
            }
            self.learn(session, (known, size.min(known.saturating_add(LEARNT_EVENTS_MAX)))).await?;
            if self.state().until == known {
                // There is more than is held in memory.
                return Ok(());
            }
        }
    }

    /// Learns the events from the first position up to, not including, the second.
    async fn learn(&self, session: &Session, (first, until): (u64, u64)) -> Result<(), Failure> {
        let rows = self.written(session, (first, until)).await?;
        self.take_in_rows(first, &rows)
    }

    /// What has to be known of the events from the first position up to, not including, the second.
    pub(crate) async fn written(
        &self,
        session: &Session,
        (first, until): (u64, u64),
    ) -> Result<Vec<Row>, Failure> {
        let has_paths = !self.paths.pointers().is_empty();
        session.query(sql::WRITTEN_SINCE, &[&first.cast_signed(), &until.cast_signed(), &has_paths]).await
    }

    /// Takes in rows of `written_since.sql`.
    pub(crate) fn take_in_rows(&self, first: u64, rows: &[Row]) -> Result<(), Failure> {
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            events.push(EventTerms::of_row(row)?);
        }
        self.take_in(self.locate(first, events.into_iter()));
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
