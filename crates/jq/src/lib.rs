//! jq programs, run in a worker process that may be killed.
//!
//! A jq program is somebody else's code: it may loop for ever, recurse until the stack is gone, or eat all memory,
//! and the interpreter (jaq) cannot be interrupted. So it runs in a process of its own, which is limited in address
//! space and processor time, is killed when a record takes too long, and is started again. The record that was to
//! blame fails alone; the others of its batch succeed.
//!
//! The pieces, in the order in which a caller meets them:
//!
//! 1. [`Program`]: a text that compiles, with the names of its variables;
//! 2. [`Batch`]: records for it, each the JSON text of `.` and of every variable;
//! 3. [`Worker`] (or a [`WorkerPool`]): [`Worker::run`], or [`Worker::submit`] and [`Worker::receive`] with several
//!    batches in flight, gives one [`RecordResult`] for each record, in order;
//! 4. [`worker_main`]: what the worker process runs; [`WorkerCommand`] says how to start it.
//!
//! ```
//! use annals_jq::{Program, ProgramText};
//!
//! let program = Program::compile(ProgramText {
//!     name: "orders.jq",
//!     text: "{eventType: .type, aggregateId: .id, metadata: {line: $line}}",
//!     variables: &["line"],
//! })?;
//! assert_eq!(program.variables(), ["line"]);
//! # Ok::<(), annals_jq::CompileError>(())
//! ```
//!
//! What a program computes depends on its record alone, so that it can be run again years later with the same
//! outcome: `env`, `now`, `input`, `halt`, local time, `debug` and modules are not offered, and a use of one is a
//! [`CompileError`] that names it.
//!
//! Numbers that a program passes on keep their digits (`1.10`, `1e2`, `-0`, integers of any length), and objects the
//! order of their members, also through `del`. Arithmetic gives integers of any size or doubles, and a double is
//! written with the fewest digits that give it back (`4 / 2` is `2.0`); `fromjson` reads `-0` as `0`; assigning
//! `empty` to a member (`.a |= empty`) moves the last member to its place, which `del(.a)` does not.
//!
//! A program can also *fold* ([`Program::folding`]): one record holds a state and many events, and the program makes the
//! next state of the state and each event. Where it fails can be found by its stages ([`Program::stages`]).
//!
//! What this crate is *not*: it knows nothing of what events mean, of mappings or files; it does not validate JSON
//! beyond what it must read; it is synchronous, and holds no policy about what a failed record means.

mod batch;
mod command;
mod compile;
mod compile_error;
mod deletion;
mod demand;
mod engine;
mod error;
mod evaluate;
mod frame;
#[doc(hidden)]
pub mod fuzzing;
mod json_in;
mod json_out;
mod limits;
mod message;
mod picks;
mod pool;
mod process;
mod program;
mod recovery;
mod resource_limits;
mod stages;
mod vocabulary;
mod worker;
mod worker_main;

pub use batch::Batch;
pub use command::WorkerCommand;
pub use compile_error::{CompileError, Problem};
pub use engine::ENGINE;
pub use error::{ProgramError, RecordResult, WorkerError};
pub use limits::Limits;
pub use pool::WorkerPool;
pub use program::{Program, ProgramText, States};
pub use stages::Stage;
pub use worker::Worker;
pub use worker_main::{WorkerMainError, worker_main};
