//! One worker process, from its start to its end.
//!
//! Three threads serve its three pipes, so that neither side ever waits for the other while both pipes are full: one
//! writes what was submitted, one reads and decodes replies, one keeps what it says on standard error.

use std::io::{Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::command::WorkerCommand;
use crate::error::{RecordResult, WorkerError};
use crate::frame::read_frame;
use crate::limits::Limits;
use crate::message::{Reply, Setup};
use crate::program::Program;

/// Of what a worker says on standard error, so much is kept.
const LAST_WORDS_BYTES_MAX: u64 = 4 << 10;

/// A running worker process that has compiled its program. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    frames: Option<Sender<Vec<u8>>>,
    replies: Receiver<Result<Reply, String>>,
    last_words: Option<JoinHandle<String>>,
}

/// What came of waiting for results.
#[derive(Debug)]
pub(crate) enum Heard {
    Results(Vec<RecordResult>),
    /// Nothing came within the time.
    Silence,
    /// The process is gone, or about to be.
    End,
}

/// How a process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: Option<ExitStatus>,
    pub(crate) last_words: String,
}

impl WorkerProcess {
    /// Starts a process and waits until it is ready.
    pub(crate) fn start(
        command: &WorkerCommand,
        program: &Program,
        limits: &Limits,
    ) -> Result<Self, WorkerError> {
        let mut process = Self::spawn(command, limits)?;
        let setup = Setup { limits: limits.into(), program: program.clone() };
        process.send(setup.encode());
        match process.replies.recv_timeout(limits.start_deadline) {
            Ok(Ok(Reply::Ready)) => Ok(process),
            Ok(Ok(Reply::Refused(message))) => Err(WorkerError::Refused { message }),
            Ok(Ok(Reply::Results(_))) => {
                Err(WorkerError::Protocol { what: "results before a batch".to_owned() })
            }
            Ok(Err(what)) => Err(WorkerError::Protocol { what }),
            Err(RecvTimeoutError::Timeout) => Err(WorkerError::SilentAtStart {
                program: command.program.clone(),
                deadline: limits.start_deadline,
            }),
            Err(RecvTimeoutError::Disconnected) => Err(WorkerError::DiedAtStart {
                program: command.program.clone(),
                how: process.reap().to_string(),
            }),
        }
    }

    fn spawn(command: &WorkerCommand, limits: &Limits) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::Spawn { program: command.program.clone(), source };
        let mut child = command.to_std().spawn().map_err(failed)?;
        let (frames, to_write) = channel();
        let (decoded, replies) = channel();
        if let Some(stdin) = child.stdin.take() {
            thread::spawn(move || write_frames(stdin, &to_write));
        }
        if let Some(stdout) = child.stdout.take() {
            let limits = limits.clone();
            thread::spawn(move || read_replies(stdout, &decoded, &limits));
        }
        let last_words = child.stderr.take().map(|stderr| thread::spawn(move || keep_last_words(stderr)));
        Ok(Self { child, frames: Some(frames), replies, last_words })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Hands a frame to the writing thread. A process that is gone is noticed when its results are awaited.
    pub(crate) fn send(&self, frame: Vec<u8>) {
        if let Some(frames) = &self.frames {
            let _ = frames.send(frame);
        }
    }

    /// Waits for the next results.
    pub(crate) fn hear(&self, deadline: Duration) -> Result<Heard, WorkerError> {
        match self.replies.recv_timeout(deadline) {
            Ok(Ok(Reply::Results(results))) => Ok(Heard::Results(results)),
            Ok(Ok(reply)) => Err(WorkerError::Protocol { what: format!("{reply:?} instead of results") }),
            Ok(Err(what)) => Err(WorkerError::Protocol { what }),
            Err(RecvTimeoutError::Timeout) => Ok(Heard::Silence),
            Err(RecvTimeoutError::Disconnected) => Ok(Heard::End),
        }
    }

    /// Kills the process, if it still lives, and says how it ended.
    pub(crate) fn kill(mut self) -> Ended {
        // Killing fails only when the process has ended already.
        let _ = self.child.kill();
        self.reap()
    }

    /// Waits for a process that closed its standard output. One that lives on regardless is killed.
    pub(crate) fn reap(&mut self) -> Ended {
        self.frames = None;
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        let last_words = self.last_words.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        Ended { status, last_words }
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write_frames(mut stdin: ChildStdin, frames: &Receiver<Vec<u8>>) {
    while let Ok(frame) = frames.recv() {
        if stdin.write_all(&frame).is_err() {
            return;
        }
    }
}

fn read_replies(mut stdout: ChildStdout, decoded: &Sender<Result<Reply, String>>, limits: &Limits) {
    loop {
        let reply = match read_frame(&mut stdout) {
            Ok(Some(body)) => Reply::decode(&body, limits).map_err(|malformed| malformed.to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(error.to_string()),
            // The end, or a frame that was cut short by it.
            Ok(None) | Err(_) => return,
        };
        let is_malformed = reply.is_err();
        if decoded.send(reply).is_err() || is_malformed {
            return;
        }
    }
}

/// The beginning tells why the worker ends: it is silent until then.
fn keep_last_words(mut stderr: ChildStderr) -> String {
    let mut kept = Vec::new();
    // What is too long is read all the same, so that the worker does not wait for room in the pipe.
    let _ = stderr.by_ref().take(LAST_WORDS_BYTES_MAX).read_to_end(&mut kept);
    let _ = std::io::copy(&mut stderr, &mut std::io::sink());
    String::from_utf8_lossy(&kept).trim().to_owned()
}
