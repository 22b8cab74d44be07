use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use annals::LogName;
use annals_auth::Caller;
use futures_util::FutureExt as _;
use tokio::task::AbortHandle;

use super::job::{Job, JobId, Progress};
use crate::problem::RequestError;
use crate::state::App;

/// So many pieces of work of one kind are done at a time.
const RUNNING_MAX: usize = 4;

/// So many are known at a time; the oldest that is finished makes room.
const KEPT_MAX: usize = 50;

/// What came of a piece of work is kept so long.
const KEPT_FOR: Duration = Duration::from_secs(3_600);

/// The pieces of work of one kind.
pub(crate) struct Jobs<R> {
    by_id: Arc<Mutex<BTreeMap<JobId, Entry<R>>>>,
}

struct Entry<R> {
    job: Arc<Job<R>>,
    task: AbortHandle,
}

impl<R> Default for Jobs<R> {
    fn default() -> Self {
        Self { by_id: Arc::default() }
    }
}

impl<R: Send + Sync + 'static> Jobs<R> {
    /// Begins a piece of work.
    ///
    /// # Errors
    /// [`RequestError::TooManyJobs`].
    pub(crate) fn begin<Work>(
        &self,
        app: &App,
        caller: &Caller,
        log: LogName,
        work: impl FnOnce(Arc<Progress>) -> Work,
    ) -> Result<Arc<Job<R>>, RequestError>
    where
        Work: Future<Output = Result<R, RequestError>> + Send + 'static,
    {
        let mut jobs = self.lock();
        if jobs.values().filter(|entry| entry.job.is_running()).count() >= RUNNING_MAX {
            return Err(RequestError::TooManyJobs { max: RUNNING_MAX });
        }
        if jobs.len() >= KEPT_MAX {
            let oldest = jobs.values().find(|entry| !entry.job.is_running()).map(|entry| entry.job.id);
            if let Some(oldest) = oldest.and_then(|id| jobs.remove(&id)) {
                oldest.task.abort();
            }
        }
        let id = JobId::new(app.now(), app.random_bytes());
        let job = Arc::new(Job::new(id, log, caller.subject().clone(), app.now()));
        let work = work(job.progress.clone());
        let (worked_on, clock, by_id) = (job.clone(), app.options.clock.clone(), Arc::downgrade(&self.by_id));
        let task = tokio::spawn(async move {
            worked_on.end(clock.now(), to_its_end(work).await);
            drop((worked_on, clock));
            tokio::time::sleep(KEPT_FOR).await;
            if let Some(jobs) = by_id.upgrade() {
                jobs.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            }
        });
        jobs.insert(id, Entry { job: job.clone(), task: task.abort_handle() });
        Ok(job)
    }

    /// The pieces of work on a log that a caller may know of, the oldest first.
    pub(crate) fn list(&self, log: &LogName, caller: &Caller) -> Vec<Arc<Job<R>>> {
        let jobs = self.lock();
        let seen = jobs.values().filter(|entry| entry.job.log == *log && entry.job.is_seen_by(caller));
        seen.map(|entry| entry.job.clone()).collect()
    }

    /// A piece of work, if the caller may know of it.
    ///
    /// # Errors
    /// [`RequestError::not_found`].
    pub(crate) fn get(&self, id: &str, log: &LogName, caller: &Caller) -> Result<Arc<Job<R>>, RequestError> {
        let known = id.parse().ok().and_then(|id: JobId| self.lock().get(&id).map(|entry| entry.job.clone()));
        let seen = known.filter(|job| job.log == *log && job.is_seen_by(caller));
        seen.ok_or_else(|| RequestError::not_found(format!("job {id}")))
    }

    /// Forgets a piece of work and what came of it; it is not gone on with.
    pub(crate) fn forget(&self, id: JobId) {
        if let Some(entry) = self.lock().remove(&id) {
            entry.task.abort();
        }
    }

    /// How many are being worked on.
    pub(crate) fn running(&self) -> usize {
        self.lock().values().filter(|entry| entry.job.is_running()).count()
    }

    /// Ends everything that is under way, so that the logs can be closed.
    pub(crate) fn end(&self) {
        for (_, entry) in std::mem::take(&mut *self.lock()) {
            entry.task.abort();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, Entry<R>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does a piece of work. One that panics failed, and holds no place for ever.
async fn to_its_end<R>(work: impl Future<Output = Result<R, RequestError>>) -> Result<R, RequestError> {
    let broke_off = |_| Err(RequestError::Failed { what: "the work broke off in a panic".to_owned() });
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .unwrap_or_else(broke_off)
        .inspect_err(|error| error.note("a job in the background failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_has_failed() {
        let broken = async { panic!("on purpose") };
        let ended = to_its_end::<()>(broken).await;
        assert!(matches!(ended, Err(RequestError::Failed { .. })), "{ended:?}");
        assert!(matches!(to_its_end(async { Ok(1) }).await, Ok(1)));
    }
}
