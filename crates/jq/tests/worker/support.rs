//! Programs and workers for tests.

use std::time::Duration;

use annals_jq::{Batch, Limits, Program, ProgramText, RecordResult, Worker, WorkerCommand};

pub(crate) fn program(text: &str) -> Program {
    Program::compile(ProgramText { name: "test.jq", text, variables: &["line"] }).expect("it compiles")
}

pub(crate) fn command() -> WorkerCommand {
    WorkerCommand::new(env!("CARGO_BIN_EXE_annals-jq-worker"), [""; 0])
}

/// Little room, but time enough for a machine that is busy with other tests.
pub(crate) fn limits() -> Limits {
    Limits {
        address_space_bytes: 256 << 20,
        stack_bytes: 8 << 20,
        record_deadline: Duration::from_secs(20),
        output_bytes_max: 1 << 20,
        ..Limits::default()
    }
}

/// For programs that never end.
pub(crate) fn impatient() -> Limits {
    Limits { record_deadline: Duration::from_millis(300), ..limits() }
}

pub(crate) fn worker(text: &str, limits: Limits) -> Worker {
    Worker::start(command(), program(text), limits).expect("it starts")
}

/// Each input with `$line` counting from 1.
pub(crate) fn batch<T: AsRef<str>>(worker: &Worker, inputs: impl IntoIterator<Item = T>) -> Batch {
    let mut batch = Batch::new(worker.program());
    for (index, input) in inputs.into_iter().enumerate() {
        batch.push(input.as_ref(), &[&(index + 1).to_string()]).expect("one variable");
    }
    batch
}

/// What a program makes of one input.
pub(crate) fn run(text: &str, input: &str, limits: Limits) -> RecordResult {
    let mut worker = worker(text, limits);
    let batch = batch(&worker, [input]);
    worker.run(batch).expect("a worker").remove(0)
}
