use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::EventId;
use annals_store::{Clock, Head, PreparedAppend, StoreError};
use tokio::sync::watch;

use super::end::LogEnd;
use super::heads::StreamHeads;
use super::judge::Verdict;
use super::known::Doubt;
use crate::clock::DatabaseClock;
use crate::connection::{Connector, Session};
use crate::errors::{Failure, FailureKind};
use crate::tail::Tail;

/// The pause before a connection is tried again, doubled each time.
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// What the writer works with.
pub(crate) struct WriterParts {
    pub(crate) connector: Arc<Connector>,
    pub(crate) clock: Arc<dyn Clock>,
    /// The same clock where it is the database's, to be told the time.
    pub(crate) database_clock: Option<Arc<DatabaseClock>>,
    /// What this process knows of the log's head.
    pub(crate) head: watch::Sender<Head>,
    /// The size of the log after this process last wrote it.
    pub(crate) written: watch::Sender<u64>,
    pub(crate) tail: Arc<Tail>,
    pub(crate) block_len: u64,
    pub(crate) patience: Duration,
}

/// Writes the log for this process, over a connection of its own.
pub(crate) struct Writer {
    pub(super) parts: WriterParts,
    pub(super) session: Option<Arc<Session>>,
    /// What is known of the log, what is under way included; `None` before the first connection, and when it is to be
    /// learnt anew.
    pub(super) end: Option<LogEnd>,
    /// The same without what is under way.
    pub(super) published: Option<LogEnd>,
    /// As of that end.
    pub(super) heads: StreamHeads,
    /// There are partitions for positions below this one.
    pub(super) blocks_until: u64,
    /// The greatest id of the events below a position, up to which the log is sealed.
    pub(super) greatest_sealed: Option<(u64, EventId)>,
    /// The ids of the events that are under way, but for those that nobody else can use.
    pub(super) ids_under_way: HashSet<EventId>,
    /// Whether others write the log at the same time.
    pub(super) is_contended: bool,
    /// Whether the head's row is locked for the next group.
    pub(super) has_turn: bool,
}

/// How a group is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// In one statement, which does nothing if anybody wrote since the checks.
    Gated,
    /// In a transaction that locks the head's row before the checks, so that nobody can write since.
    Locked,
}

impl Writer {
    pub(crate) fn new(parts: WriterParts) -> Self {
        Self {
            parts,
            session: None,
            end: None,
            published: None,
            heads: StreamHeads::default(),
            blocks_until: 0,
            greatest_sealed: None,
            ids_under_way: HashSet::new(),
            is_contended: false,
            has_turn: false,
        }
    }

    /// Whether others write the log at the same time, so that a gate is mostly lost.
    pub(super) fn is_contended(&self) -> bool {
        self.is_contended
    }

    /// Waits until nobody else writes, and keeps it so for the next group. What goes wrong is met again, and told, when that
    /// is carried out.
    pub(super) async fn take_turn(&mut self) {
        if let Ok(session) = self.connected().await
            && self.lock(&session).await.is_err()
        {
            self.let_go();
        }
    }

    /// Gives up the connection, so that the server takes back what was not committed.
    fn let_go(&mut self) {
        self.session = None;
        self.has_turn = false;
    }

    /// Makes ready for groups, while none is under way. What cannot be done is done, or told, by whoever needs it.
    pub(super) async fn rest(&mut self) {
        self.heads.trim();
        let _ = self.connected().await;
    }

    /// Carries out appends together while nothing is under way, and says of each what came of it, once it is on disk.
    pub(super) async fn verdicts(&mut self, appends: &[&PreparedAppend], doubt: Doubt) -> Vec<Verdict> {
        match self.settle(appends, doubt).await {
            Ok(verdicts) => verdicts,
            // One append must not spoil the others: each by itself shows which one fails.
            Err(failure) if failure.kind == FailureKind::Refused && appends.len() > 1 => {
                let mut verdicts = Vec::with_capacity(appends.len());
                for append in appends {
                    verdicts.push(self.verdict_alone(append, doubt).await);
                }
                verdicts
            }
            Err(failure) => appends.iter().map(|_| Err(failure.error.clone())).collect(),
        }
    }

    async fn verdict_alone(&mut self, append: &PreparedAppend, doubt: Doubt) -> Verdict {
        let missing = || Err(crate::errors::unanswered());
        self.settle(&[append], doubt).await?.pop().unwrap_or_else(missing)
    }

    /// Tries until the group is written, or will never be, or patience is over. A lost answer is never taken for a
    /// failure: under the head's lock it is looked whether the events are there.
    async fn settle(
        &mut self,
        appends: &[&PreparedAppend],
        mut doubt: Doubt,
    ) -> Result<Vec<Verdict>, Failure> {
        let started = Instant::now();
        let mut failures = 0;
        loop {
            let is_locked = self.has_turn || self.is_contended || doubt == Doubt::MayBeStored;
            let manner = if is_locked { Manner::Locked } else { Manner::Gated };
            let failure = match self.turn(appends, manner, &mut doubt).await {
                Ok(Some(verdicts)) => return Ok(verdicts),
                Ok(None) => {
                    self.is_contended = true;
                    continue;
                }
                Err(failure) => failure,
            };
            if manner == Manner::Locked || failure.kind == FailureKind::Lost {
                self.let_go();
            }
            if failure.kind == FailureKind::Refused || started.elapsed() >= self.parts.patience {
                return Err(told(failure, doubt));
            }
            tracing::warn!(error = %failure.error, "the log cannot be written at the moment; trying again");
            tokio::time::sleep(pause(failures)).await;
            failures += 1;
        }
    }
}

/// The pause after so many failures.
fn pause(failures: u32) -> Duration {
    PAUSE_MIN.saturating_mul(2_u32.saturating_pow(failures)).min(PAUSE_MAX)
}

/// What whoever waits is told of a failure.
fn told(failure: Failure, doubt: Doubt) -> Failure {
    match failure.error {
        StoreError::Unavailable { reason, source } if doubt == Doubt::MayBeStored => {
            let reason = format!(
                "{reason}; whether the append is stored is not known, so repeat it with the same event ids"
            );
            Failure { error: StoreError::Unavailable { reason, source }, kind: failure.kind }
        }
        error => Failure { error, ..failure },
    }
}
