use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use annals::{ActorId, EventId, LogName, Timestamp};
use annals_auth::{Caller, Permission};

use crate::problem::RequestError;

/// The name of a job, which nobody guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobId(EventId);

/// A piece of work.
pub(crate) struct Job<R> {
    pub(crate) id: JobId,
    pub(crate) log: LogName,
    /// Whose it is.
    pub(crate) owner: ActorId,
    pub(crate) created: Timestamp,
    pub(crate) progress: Arc<Progress>,
    state: Mutex<JobState<R>>,
}

/// How far a piece of work is.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Positions that were looked at.
    done: AtomicU64,
    /// Positions that there are to look at.
    total: AtomicU64,
}

/// What became of a piece of work.
pub(crate) enum JobState<R> {
    Running,
    Done { at: Timestamp, result: Arc<R> },
    Failed { at: Timestamp, error: Arc<RequestError> },
}

impl JobId {
    pub(super) fn new(now: Timestamp, random: [u8; 8]) -> Self {
        Self(EventId::v7(now, random))
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for JobId {
    type Err = annals::InvalidEvent;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Progress {
    pub(crate) fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn at(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// How much is done, and of how much.
    pub(crate) fn read(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

impl<R> Job<R> {
    pub(super) fn new(id: JobId, log: LogName, owner: ActorId, created: Timestamp) -> Self {
        let progress = Arc::new(Progress::default());
        Self { id, log, owner, created, progress, state: Mutex::new(JobState::Running) }
    }

    /// Whether the caller may know of it: it is hers, or she may administer.
    pub(crate) fn is_seen_by(&self, caller: &Caller) -> bool {
        self.owner == *caller.subject() || caller.may(Permission::Administer)
    }

    pub(super) fn end(&self, at: Timestamp, result: Result<R, RequestError>) {
        *self.state() = match result {
            Ok(result) => JobState::Done { at, result: Arc::new(result) },
            Err(error) => JobState::Failed { at, error: Arc::new(error) },
        };
    }

    /// What became of it.
    pub(crate) fn state(&self) -> MutexGuard<'_, JobState<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(*self.state(), JobState::Running)
    }

    /// What came of it.
    ///
    /// # Errors
    /// [`RequestError::JobRunning`]; [`RequestError::not_found`] where nothing came of it.
    pub(crate) fn result(&self) -> Result<Arc<R>, RequestError> {
        match &*self.state() {
            JobState::Done { result, .. } => Ok(result.clone()),
            JobState::Running => Err(RequestError::JobRunning { job: self.id.to_string() }),
            JobState::Failed { .. } => Err(RequestError::not_found(format!("result of the job {}", self.id))),
        }
    }
}
