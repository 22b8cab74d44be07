//! A folder in which the binary is tried.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A working folder with a home of its own, so that no test sees another one's keys or configuration.
pub(crate) struct Workbench {
    folder: TempDir,
}

/// What a command did.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workbench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One that holds a log with a few orders.
    pub(crate) fn with_orders() -> Self {
        let bench = Self::new();
        bench.write("orders.jsonl", include_str!("../cmd/session.in/orders.jsonl"));
        bench.annals(["import", "orders.jsonl"]).succeeds();
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn read_bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn command<I: IntoIterator<Item: AsRef<OsStr>>>(&self, args: I) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annals"));
        command.args(args).current_dir(self.folder.path()).env_clear();
        for (name, folder) in [("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")] {
            command.env(name, self.path(folder));
        }
        command.env("TMPDIR", self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn annals<I: IntoIterator<Item: AsRef<OsStr>>>(&self, args: I) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// The same with something on standard input.
    pub(crate) fn annals_reading<I: IntoIterator<Item: AsRef<OsStr>>>(&self, args: I, input: &str) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // On a thread of its own: the command prints while it reads, and neither pipe holds everything.
        let input = input.to_owned();
        let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let ran = Ran::from(child.wait_with_output().unwrap());
        writing.join().unwrap().unwrap();
        ran
    }

    /// A command that goes on by itself and is ended with the test.
    pub(crate) fn spawn<I: IntoIterator<Item: AsRef<OsStr>>>(&self, args: I) -> Running {
        Running(self.command(args).stdin(Stdio::piped()).spawn().unwrap())
    }

    /// A process that writes the log for as long as it is told to.
    pub(crate) fn writer(&self) -> Writer {
        let mut running = self.spawn(["append", "-"]);
        let stdin = running.0.stdin.take().unwrap();
        let stdout = BufReader::new(running.0.stdout.take().unwrap());
        Writer { running, stdin, stdout }
    }

    /// The files in the working folder.
    pub(crate) fn files(&self) -> Vec<String> {
        names_in(self.folder.path())
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Ran {
    /// Demands exit code 0.
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Demands an exit code.
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Demands that an error of this code was told, and what to do about it.
    pub(crate) fn tells(self, code: &str) -> Self {
        assert!(self.stderr.contains(&format!("error[{code}]")), "{}", self.stderr);
        assert!(self.stderr.contains(&format!("annals explain {code}")), "{}", self.stderr);
        self
    }

    /// The answer as one JSON value.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// The answer as one JSON value a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A command that still runs.
pub(crate) struct Running(pub(crate) Child);

#[cfg(unix)]
impl Running {
    /// Sends a signal to it.
    pub(crate) fn is_told(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(pid.unwrap(), signal).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that writes a log.
pub(crate) struct Writer {
    running: Running,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Writer {
    /// Has one event appended; what was recorded.
    pub(crate) fn append(&mut self) -> Value {
        let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{}}"#;
        self.stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
        let mut recorded = String::new();
        self.stdout.read_line(&mut recorded).unwrap();
        serde_json::from_str(&recorded).unwrap()
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> String {
        self.running.0.id().to_string()
    }

    /// Lets it end by itself.
    pub(crate) fn finish(self) {
        let Self { mut running, stdin, .. } = self;
        drop(stdin);
        assert!(running.0.wait().unwrap().success());
    }
}

/// An answer without what no two logs have in common.
pub(crate) fn comparable(mut answer: Value) -> Value {
    match &mut answer {
        Value::Array(items) => items.iter_mut().for_each(|item| *item = comparable(item.take())),
        Value::Object(members) => {
            for own in ["recordedAt", "context", "origin", "root", "note", "sizeOnDisk", "keys"] {
                members.remove(own);
            }
            members.values_mut().for_each(|value| *value = comparable(value.take()));
        }
        _ => {}
    }
    answer
}
