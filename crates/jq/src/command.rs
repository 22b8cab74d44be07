//! How to start a worker process.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What the worker's allocator is told, whichever of these it is; others ignore it.
const ALLOCATOR_SETTINGS: [(&str, &str); 2] = [
    // Evaluating jq frees hundreds of small blocks at once, of which glibc keeps seven of a size at hand; with more a
    // mapping runs a fifth faster.
    ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=1000"),
    // mimalloc reserves a gibibyte when it starts, which is as much address space as a worker may have at all. It is
    // given in KiB.
    ("MIMALLOC_ARENA_RESERVE", "16384"),
];

/// The command that starts a worker: a program that calls [`crate::worker_main`] with its standard input and output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The executable, in `annals` itself [`std::env::current_exe`].
    pub program: PathBuf,
    /// Its arguments, in `annals` the hidden subcommand `jq-worker`.
    pub args: Vec<OsString>,
}

impl WorkerCommand {
    /// A command with these arguments.
    ///
    /// ```
    /// let command = annals_jq::WorkerCommand::new("/usr/bin/annals", ["jq-worker"]);
    /// assert_eq!(command.args, ["jq-worker"]);
    /// ```
    pub fn new(program: impl Into<PathBuf>, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self { program: program.into(), args: args.into_iter().map(Into::into).collect() }
    }

    /// The command with its three pipes, ready to be spawned.
    pub(crate) fn to_std(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A backtrace would bury the message that tells why the worker aborted.
        command.env("RUST_BACKTRACE", "0");
        for (name, value) in ALLOCATOR_SETTINGS {
            if std::env::var_os(name).is_none() {
                command.env(name, value);
            }
        }
        // In a process group of its own the worker does not see the Ctrl-C that asks its parent to finish in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}
