use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};

use super::memory::Memory;
use crate::error::{BenchError, Result};

/// What a server says once it serves, before the names of its logs and its address.
const SERVING: &str = "serving ";

/// How a process is started that serves a log over HTTP.
#[derive(Debug, Clone)]
pub struct ServerCommand {
    /// The executable `annals`.
    pub program: PathBuf,
}

/// Where a server finds what it needs, in place of the user's own folders.
pub(super) struct Home<'a> {
    /// The folder for configuration.
    pub(super) configuration: &'a Path,
    /// The folder for state, and the one in which it works.
    pub(super) state: &'a Path,
    /// The file of the log `main`.
    pub(super) store: &'a Path,
}

/// A server in a process of its own, which ends with it.
pub(super) struct ServerProcess {
    child: Child,
    process: u32,
    pub(super) address: SocketAddr,
}

impl ServerProcess {
    /// Serves the logs of a store on a port that is free, and makes those that are missing.
    pub(super) async fn start(command: &ServerCommand, home: Home<'_>) -> Result<Self> {
        let mut child = Command::new(&command.program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ANNALS_"))
        {
            child.env_remove(name);
        }
        let mut child = child
            .arg("--store")
            .arg(home.store)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(home.state)
            .envs([
                ("HOME", home.state),
                ("XDG_CONFIG_HOME", home.configuration),
                ("XDG_STATE_HOME", home.state),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(BenchError::file(&command.program))?;
        let ended = || BenchError::serving("it ended at once");
        let process = child.id().ok_or_else(ended)?;
        let mut lines = BufReader::new(child.stderr.take().ok_or_else(ended)?).lines();
        let address = address(&mut lines).await?;
        // What it says from now on is warnings; a full pipe would hold it up.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, process, address })
    }

    /// How much memory it uses, where the system tells.
    pub(super) fn memory(&self) -> Option<Memory> {
        Memory::of(self.process)
    }

    /// Has the peak of its memory begin anew.
    pub(super) fn forget_peak(&self) {
        Memory::forget_peak(self.process);
    }

    /// Ends it as an operator does, and waits until its logs are closed.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.tell_to_end();
        let status = self.child.wait().await.map_err(BenchError::serving)?;
        let was_told = status.success() || cfg!(not(unix));
        if was_told { Ok(()) } else { Err(BenchError::serving(format!("it ended with {status}"))) }
    }

    #[cfg(unix)]
    fn tell_to_end(&mut self) {
        use rustix::process::{Pid, Signal, kill_process};

        if let Some(process) = i32::try_from(self.process).ok().and_then(Pid::from_raw) {
            // If it is gone already, its status says why.
            let _ = kill_process(process, Signal::TERM);
        }
    }

    /// Nothing gentler is known everywhere; what was acknowledged is on disk.
    #[cfg(not(unix))]
    fn tell_to_end(&mut self) {
        let _ = self.child.start_kill();
    }
}

/// The address that a server says it serves at.
async fn address(lines: &mut Lines<BufReader<ChildStderr>>) -> Result<SocketAddr> {
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.map_err(BenchError::serving)? {
        if line.starts_with(SERVING)
            && let Some((_, address)) = line.rsplit_once("http://")
        {
            return address.trim().parse().map_err(BenchError::serving);
        }
        said.push(line);
    }
    Err(BenchError::serving(format!("it ended, and said: {}", said.join(" "))))
}
