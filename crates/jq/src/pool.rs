//! Several workers for one program.

use std::num::NonZeroUsize;

use crate::batch::Batch;
use crate::command::WorkerCommand;
use crate::error::{RecordResult, WorkerError};
use crate::limits::Limits;
use crate::program::Program;
use crate::worker::Worker;

/// Workers that take turns with the batches of one program. Results come in the order of submission all the same.
#[derive(Debug)]
pub struct WorkerPool {
    workers: Vec<Worker>,
    /// Batches so far. Their number decides which worker a batch belongs to.
    submitted: usize,
    received: usize,
}

impl WorkerPool {
    /// Starts `size` workers.
    ///
    /// # Errors
    /// Those of [`Worker::start`].
    pub fn start(
        command: &WorkerCommand,
        program: &Program,
        limits: &Limits,
        size: NonZeroUsize,
    ) -> Result<Self, WorkerError> {
        let start = |_| Worker::start(command.clone(), program.clone(), limits.clone());
        Ok(Self { workers: (0..size.get()).map(start).collect::<Result<_, _>>()?, submitted: 0, received: 0 })
    }

    /// How many workers it has. Twice as many batches in flight keep all of them busy.
    pub fn size(&self) -> usize {
        self.workers.len()
    }

    /// How many batches were submitted and not yet received.
    pub fn in_flight(&self) -> usize {
        self.submitted - self.received
    }

    /// Hands over a batch to the worker whose turn it is and returns at once; see [`Worker::submit`].
    pub fn submit(&mut self, batch: Batch) {
        if let Some(worker) = Self::at(&mut self.workers, self.submitted) {
            worker.submit(batch);
            self.submitted += 1;
        }
    }

    /// Waits for the results of the batch that was submitted first.
    ///
    /// # Errors
    /// Those of [`Worker::receive`].
    pub fn receive(&mut self) -> Result<Vec<RecordResult>, WorkerError> {
        let worker = Self::at(&mut self.workers, self.received).ok_or(WorkerError::NothingInFlight)?;
        let results = worker.receive()?;
        self.received += 1;
        Ok(results)
    }

    fn at(workers: &mut [Worker], batch_number: usize) -> Option<&mut Worker> {
        let turn = batch_number.checked_rem(workers.len())?;
        workers.get_mut(turn)
    }
}
