//! A program and the worker process that runs it, through the deaths of that process.

use std::collections::VecDeque;

use crate::batch::Batch;
use crate::command::WorkerCommand;
use crate::error::{ProgramError, RecordResult, WorkerError};
use crate::limits::Limits;
use crate::message::{Pace, encode_batch};
use crate::process::{Ended, Heard, WorkerProcess};
use crate::program::Program;
use crate::recovery::{Verdict, judge};

/// A worker that dies so often in a row, without a result and without a known cause, is given up: it cannot be the
/// records.
const DEATHS_MAX: u32 = 6;

/// Runs one program on batches of records, in a process that it starts again whenever it dies.
///
/// When a process dies or is silent for too long, a new one gets the records without results once more, and shows
/// each result at once; so it turns out on which record it dies. That record gets a [`ProgramError`], all others
/// their results. Nothing that a record does makes [`Worker::receive`] fail.
///
/// ```no_run
/// use annals_jq::{Batch, Limits, Program, ProgramText, Worker, WorkerCommand};
///
/// let program = Program::compile(ProgramText { name: "sum.jq", text: ".total + $fee", variables: &["fee"] })?;
/// let command = WorkerCommand::new(std::env::current_exe()?, ["jq-worker"]);
/// let mut worker = Worker::start(command, program, Limits::default())?;
/// let mut batch = Batch::new(worker.program());
/// batch.push(r#"{"total": 40}"#, &["2"])?;
/// batch.push(r#"{"total": {}}"#, &["2"])?;
/// let results = worker.run(batch)?;
/// assert_eq!(results[0], Ok(vec!["42".to_owned()]));
/// assert!(results[1].is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Worker {
    command: WorkerCommand,
    program: Program,
    limits: Limits,
    /// `None` only while the last one could not be replaced.
    process: Option<WorkerProcess>,
    in_flight: VecDeque<InFlight>,
    deaths_in_a_row: u32,
}

/// A submitted batch, and the results that have come so far.
#[derive(Debug)]
struct InFlight {
    batch: Batch,
    pace: Pace,
    results: Vec<RecordResult>,
    /// Deaths of unclear cause on the first record without a result while it was alone on the desk.
    unclear_deaths: u32,
}

impl InFlight {
    fn is_complete(&self) -> bool {
        self.results.len() >= self.batch.len()
    }

    /// Settles the first record without a result.
    fn convict(&mut self, error: ProgramError) {
        self.results.push(Err(error));
        self.unclear_deaths = 0;
    }

    /// The frame with the records that have no result yet.
    fn encode(&self) -> Vec<u8> {
        let done = self.results.len();
        encode_batch(self.pace, self.batch.len() - done, self.batch.encoded_from(done))
    }
}

impl Worker {
    /// Starts a worker process and waits until it has compiled the program.
    ///
    /// # Errors
    /// [`WorkerError::Spawn`], [`WorkerError::DiedAtStart`], [`WorkerError::SilentAtStart`],
    /// [`WorkerError::Refused`] or [`WorkerError::Protocol`].
    pub fn start(command: WorkerCommand, program: Program, limits: Limits) -> Result<Self, WorkerError> {
        let process = Some(WorkerProcess::start(&command, &program, &limits)?);
        Ok(Self { command, program, limits, process, in_flight: VecDeque::new(), deaths_in_a_row: 0 })
    }

    /// The program that it runs.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The operating system's id of the present process, which changes when it dies; `None` when none is running.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(WorkerProcess::id)
    }

    /// How many batches were submitted and not yet received.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// The results of a batch, one for each record, in order. The batches before it must have been received.
    ///
    /// # Errors
    /// Those of [`Worker::receive`].
    pub fn run(&mut self, batch: Batch) -> Result<Vec<RecordResult>, WorkerError> {
        self.submit(batch);
        self.receive()
    }

    /// Hands over a batch and returns at once. Two in flight keep the worker busy while the caller uses the results;
    /// each waits in memory, so the caller bounds how many.
    pub fn submit(&mut self, batch: Batch) {
        // A record that is alone from the beginning need not be tried a second time to be found guilty.
        let pace = if batch.len() == 1 { Pace::OneByOne } else { Pace::Together };
        let batch = InFlight { results: Vec::with_capacity(batch.len()), pace, unclear_deaths: 0, batch };
        if let (Some(process), false) = (&self.process, batch.is_complete()) {
            process.send(batch.encode());
        }
        self.in_flight.push_back(batch);
    }

    /// Waits for the results of the batch that was submitted first, one for each record, in order.
    ///
    /// # Errors
    /// When no worker can go on: [`WorkerError::KeepsDying`], or those of [`Worker::start`]; the batch stays in
    /// flight, and receiving again tries again. [`WorkerError::NothingInFlight`] when there is none.
    pub fn receive(&mut self) -> Result<Vec<RecordResult>, WorkerError> {
        loop {
            let front = self.in_flight.front().ok_or(WorkerError::NothingInFlight)?;
            if front.is_complete() {
                return Ok(self.in_flight.pop_front().map(|batch| batch.results).unwrap_or_default());
            }
            let Some(process) = self.process.take() else {
                self.restart()?;
                continue;
            };
            // A process that talks nonsense is dropped, and thereby killed.
            match process.hear(self.limits.record_deadline)? {
                Heard::Results(results) => self.accept(process, results)?,
                Heard::Silence => self.bury(&process.kill(), Cause::Silence)?,
                Heard::End => self.bury(&process.kill(), Cause::End)?,
            }
        }
    }

    fn accept(&mut self, process: WorkerProcess, results: Vec<RecordResult>) -> Result<(), WorkerError> {
        let Some(front) = self.in_flight.front_mut() else { return Err(WorkerError::NothingInFlight) };
        let (count, expected) = (results.len(), front.batch.len() - front.results.len());
        if count == 0 || count > expected {
            return Err(WorkerError::Protocol { what: format!("{count} results for {expected} records") });
        }
        front.results.extend(results);
        front.unclear_deaths = 0;
        self.deaths_in_a_row = 0;
        self.process = Some(process);
        Ok(())
    }

    /// Finds out what the death of a process means for the first record without a result, and starts the next one.
    fn bury(&mut self, ended: &Ended, cause: Cause) -> Result<(), WorkerError> {
        self.deaths_in_a_row += 1;
        if self.deaths_in_a_row > DEATHS_MAX {
            let times = std::mem::take(&mut self.deaths_in_a_row);
            return Err(WorkerError::KeepsDying { times, how: ended.to_string() });
        }
        let Some(front) = self.in_flight.front_mut() else { return self.restart() };
        // Only with one record on the desk at a time is it known which one the process died on.
        if front.pace == Pace::OneByOne {
            let verdict = match cause {
                Cause::Silence => {
                    Verdict::Guilty(ProgramError::OutOfTime { deadline: self.limits.record_deadline })
                }
                Cause::End => judge(ended, &self.limits),
            };
            match verdict {
                Verdict::Guilty(error) => {
                    front.convict(error);
                    self.deaths_in_a_row = 0;
                }
                Verdict::Unclear if front.unclear_deaths > 0 => {
                    front.convict(ProgramError::WorkerDied { how: ended.to_string() });
                }
                Verdict::Unclear => front.unclear_deaths += 1,
            }
        }
        front.pace = Pace::OneByOne;
        self.restart()
    }

    /// Starts a process and hands it all records that have no results.
    fn restart(&mut self) -> Result<(), WorkerError> {
        let process = WorkerProcess::start(&self.command, &self.program, &self.limits)?;
        for batch in self.in_flight.iter().filter(|batch| !batch.is_complete()) {
            process.send(batch.encode());
        }
        self.process = Some(process);
        Ok(())
    }
}

/// How the parent noticed a death.
#[derive(Debug, Clone, Copy)]
enum Cause {
    /// The process was killed because nothing came from it in time.
    Silence,
    /// The process ended by itself, or by somebody else's signal.
    End,
}
