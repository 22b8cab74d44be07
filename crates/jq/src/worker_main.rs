//! The worker process, from its first byte to its last.

use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::compile::compile;
use crate::evaluate::Evaluator;
use crate::frame::{Malformed, read_frame};
use crate::message::{Pace, PendingResults, Setup, decode_batch, encode_ready, encode_refused};
use crate::resource_limits::{allow_more_cpu_time, limit_process};

/// Results wait for company at most this long: what a deadline then repeats is little work.
const RESULTS_WAIT_MAX: Duration = Duration::from_millis(20);

/// More results than this do not wait for company.
const RESULTS_BYTES_MAX: usize = 1 << 20;

/// Why a worker process ended before its parent closed the pipe.
#[derive(Debug, thiserror::Error)]
pub enum WorkerMainError {
    /// A pipe to the parent broke.
    #[error("the pipe to the parent of the jq worker broke: {0}")]
    Pipe(#[from] io::Error),
    /// Standard input does not come from this version's [`crate::Worker`].
    #[error("this command is for the program itself, not for people: {0}")]
    Protocol(String),
    /// The process cannot be limited, or the program does not compile here; the parent was told.
    #[error("the jq worker refuses to start: {0}")]
    Refused(String),
    /// The interpreter panicked, on a record or on the program.
    #[error("the jq interpreter failed")]
    Panicked,
}

impl From<Malformed> for WorkerMainError {
    fn from(malformed: Malformed) -> Self {
        Self::Protocol(malformed.to_string())
    }
}

/// Runs a worker until `input` ends: the whole of the process that a [`crate::WorkerCommand`] starts.
///
/// It limits the process as its parent says, compiles the program, and answers batches. `input` and `output` are the
/// standard ones; nothing else may read or write them. Programs run on a thread of their own with a known stack.
///
/// ```no_run
/// annals_jq::worker_main(std::io::stdin(), std::io::stdout())?;
/// # Ok::<(), annals_jq::WorkerMainError>(())
/// ```
///
/// # Errors
/// [`WorkerMainError`]; the caller prints it to standard error and exits with a failure.
pub fn worker_main(
    mut input: impl Read + Send,
    mut output: impl Write + Send,
) -> Result<(), WorkerMainError> {
    let Some(body) = read_frame(&mut input)? else { return Ok(()) };
    let setup = Setup::decode(&body)?;
    if let Err(error) = limit_process(setup.limits.address_space_bytes) {
        return refuse(&mut output, format!("cannot limit its address space: {error}"));
    }
    let stack_bytes = setup.limits.stack_bytes;
    thread::scope(|scope| {
        let jq = thread::Builder::new().name("jq".to_owned()).stack_size(stack_bytes);
        match jq.spawn_scoped(scope, || serve(&setup, &mut input, &mut output)) {
            Ok(thread) => thread.join().unwrap_or(Err(WorkerMainError::Panicked)),
            Err(error) => {
                Err(WorkerMainError::Refused(format!("no thread with {stack_bytes} bytes of stack: {error}")))
            }
        }
    })
}

fn refuse(output: &mut impl Write, message: String) -> Result<(), WorkerMainError> {
    send(output, &encode_refused(&message))?;
    Err(WorkerMainError::Refused(message))
}

fn send(output: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    output.write_all(frame)?;
    output.flush()
}

fn serve(setup: &Setup, input: &mut impl Read, output: &mut impl Write) -> Result<(), WorkerMainError> {
    let Setup { limits, program } = setup;
    if let Err(error) = allow_more_cpu_time(limits.record_cpu_seconds) {
        return refuse(output, format!("cannot limit its processor time: {error}"));
    }
    let filter = match compile(program) {
        Ok(filter) => filter,
        Err(error) => return refuse(output, error.to_string()),
    };
    send(output, &encode_ready())?;
    let evaluator = Evaluator::new(&filter, program, limits.output_bytes_max);
    let mut desk = Desk {
        evaluator,
        variables_count: program.variables().len(),
        record_cpu_seconds: limits.record_cpu_seconds,
        pending: PendingResults::default(),
        output,
    };
    while let Some(body) = read_frame(input)? {
        desk.answer(&body)?;
    }
    Ok(())
}

/// Where batches come in and results go out.
struct Desk<'a, W> {
    evaluator: Evaluator<'a>,
    variables_count: usize,
    record_cpu_seconds: u64,
    pending: PendingResults,
    output: &'a mut W,
}

impl<W: Write> Desk<'_, W> {
    fn answer(&mut self, body: &[u8]) -> Result<(), WorkerMainError> {
        let (pace, count, mut records) = decode_batch(body)?;
        let mut variables = Vec::with_capacity(self.variables_count);
        let mut last_sent = Instant::now();
        allow_more_cpu_time(self.record_cpu_seconds)?;
        for _ in 0..count {
            if self.is_due(pace, last_sent) {
                self.send_results()?;
                last_sent = Instant::now();
            }
            let record = records.text()?;
            variables.clear();
            for _ in 0..self.variables_count {
                variables.push(records.text()?);
            }
            self.pending.push(self.evaluator.evaluate(record, &variables));
        }
        records.end()?;
        if self.pending.is_empty() { Ok(()) } else { self.send_results() }
    }

    fn is_due(&self, pace: Pace, last_sent: Instant) -> bool {
        !self.pending.is_empty()
            && (pace == Pace::OneByOne
                || self.pending.bytes() > RESULTS_BYTES_MAX
                || last_sent.elapsed() > RESULTS_WAIT_MAX)
    }

    fn send_results(&mut self) -> Result<(), WorkerMainError> {
        send(self.output, &self.pending.take_frame())?;
        allow_more_cpu_time(self.record_cpu_seconds)?;
        Ok(())
    }
}
