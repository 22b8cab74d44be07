use std::sync::{Arc, Mutex, PoisonError};

use annals_jq::{Batch, Limits, Program, RecordResult, Worker, WorkerCommand};
use tokio::sync::Semaphore;

use crate::error::HistoryError;

/// So many processes run at a time. More than the machine has processors would only wait for each other.
const RUNNING_MAX: usize = 4;

/// So many processes wait for their program to be needed again.
const IDLE_MAX: usize = 8;

/// How jq programs are run.
#[derive(Debug, Clone)]
pub struct JqOptions {
    /// How a worker process is started.
    pub command: WorkerCommand,
    /// What it may use.
    pub limits: Limits,
}

impl JqOptions {
    /// Workers that are started like this, with the usual limits.
    #[must_use]
    pub fn new(command: WorkerCommand) -> Self {
        Self { command, limits: Limits::default() }
    }
}

/// Worker processes, each for one program, started when they are first needed.
pub(crate) struct Workers {
    options: JqOptions,
    running: Semaphore,
    /// The one that was used last is the last one. Only held to take one out or put one in.
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    pub(crate) fn new(options: JqOptions) -> Self {
        Self { options, running: Semaphore::new(RUNNING_MAX), idle: Mutex::default() }
    }

    /// The results of a batch, one for each record, in order.
    pub(crate) async fn run(
        self: &Arc<Self>,
        program: &Program,
        batch: Batch,
    ) -> Result<Vec<RecordResult>, HistoryError> {
        let _permit = self.running.acquire().await.map_err(|_| HistoryError::Interrupted)?;
        let (workers, program) = (Arc::clone(self), program.clone());
        let run = move || workers.run_blocking(&program, batch);
        tokio::task::spawn_blocking(run).await.map_err(|_| HistoryError::Interrupted)?
    }

    fn run_blocking(&self, program: &Program, batch: Batch) -> Result<Vec<RecordResult>, HistoryError> {
        let failed = |source| HistoryError::Worker { program: program.name().to_owned(), source };
        let mut worker = match self.take_idle(program) {
            Some(worker) => worker,
            None => {
                let JqOptions { command, limits } = self.options.clone();
                Worker::start(command, program.clone(), limits).map_err(failed)?
            }
        };
        let results = worker.run(batch).map_err(failed)?;
        self.put_back(worker);
        Ok(results)
    }

    fn take_idle(&self, program: &Program) -> Option<Worker> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().rposition(|worker| worker.program() == program)?;
        Some(idle.remove(at))
    }

    fn put_back(&self, worker: Worker) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(worker);
        let longest_idle = (idle.len() > IDLE_MAX).then(|| idle.remove(0));
        drop(idle);
        // Ending a process takes a moment, which nobody else has to wait for.
        drop(longest_idle);
    }
}
