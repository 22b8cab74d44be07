//! The clients of W2 in processes of their own, all of which write one log.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use annals::Location;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::schema::Schema;
use crate::error::{BenchError, Result};
use crate::events::{CLIENTS, Generator, Shape};
use crate::own_log::{OwnLog, Place};
use crate::rounds::Measured;
use crate::settings::{Settings, runtime};
use crate::timing::Latencies;
use crate::work::{appends_of_clients, run_clients};

const PROCESSES: usize = 4;

/// How a process is started that is some of the clients; it runs [`clients_main`].
#[derive(Debug, Clone)]
pub struct ClientsCommand {
    /// The executable.
    pub program: PathBuf,
    /// Its only argument.
    pub argument: String,
}

/// What a process is told to do, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    /// The log, password included: nobody but the process reads it.
    url: String,
    /// Where the log's key lies, the same for all.
    folder: PathBuf,
    /// The number of its first client.
    first: usize,
    clients: usize,
    /// Events of all clients of all processes.
    events: usize,
}

/// What a process did, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Done {
    events: u64,
    latencies_nanos: Vec<u64>,
}

/// A process that has its task.
struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

const ENDED: BenchError = BenchError::EndedEarly { what: "a process of clients" };

/// Has the processes append `events` together; timed from when all are ready until all are done.
pub(super) async fn run(settings: &Settings, events: usize) -> Result<Measured> {
    let schema = Schema::for_log(settings)?;
    OwnLog::open(&schema.place, Vec::new()).await?.close().await?;
    let Location::Postgres(location) = &schema.place.location else { return Err(ENDED) };
    let url = location.to_url_with_password();
    let clients = CLIENTS / PROCESSES;
    let mut running = Vec::new();
    for process in 0..PROCESSES {
        let folder = schema.place.folder.clone();
        let task = Task { url: url.clone(), folder, first: process * clients, clients, events };
        running.push(Running::start(&settings.clients, &task).await?);
    }
    for process in &mut running {
        // It says that it is ready.
        process.line().await?;
    }
    let start = Instant::now();
    for process in &mut running {
        process.tell("go").await?;
    }
    let mut measured = Measured::default();
    for process in &mut running {
        let done: Done = serde_json::from_str(&process.line().await?).map_err(|_| ENDED)?;
        measured.events += done.events;
        done.latencies_nanos
            .into_iter()
            .for_each(|nanos| measured.latencies.push(Duration::from_nanos(nanos)));
    }
    measured.seconds = start.elapsed().as_secs_f64();
    for mut process in running {
        drop(process.input);
        process.child.wait().await.map_err(|_| ENDED)?;
    }
    Ok(measured)
}

impl Running {
    async fn start(command: &ClientsCommand, task: &Task) -> Result<Self> {
        let mut child = Command::new(&command.program)
            .arg(&command.argument)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(BenchError::file(&command.program))?;
        let (input, output) = (child.stdin.take().ok_or(ENDED)?, child.stdout.take().ok_or(ENDED)?);
        let mut running = Self { child, input, output: BufReader::new(output) };
        running.tell(&serde_json::to_string(task).map_err(|_| ENDED)?).await?;
        Ok(running)
    }

    async fn tell(&mut self, line: &str) -> Result<()> {
        self.input.write_all(format!("{line}\n").as_bytes()).await.map_err(|_| ENDED)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        match self.output.read_line(&mut line).await {
            Ok(1..) => Ok(line),
            _ => Err(ENDED),
        }
    }
}

/// Is some of the clients of a measurement: it reads its task from standard input, says that it is ready, waits for a
/// further line, appends, and says what it did.
///
/// # Errors
/// [`BenchError`] when the task is none, or its events cannot be appended.
pub fn clients_main(input: impl BufRead, mut output: impl Write) -> Result<()> {
    let mut lines = input.lines();
    let mut line = || lines.next().and_then(std::io::Result::ok).ok_or(ENDED);
    let task: Task = serde_json::from_str(&line()?)
        .map_err(|error| BenchError::Settings { reason: format!("this is no task for clients: {error}") })?;
    let unnamed = |error: annals::InvalidLocation| BenchError::Settings { reason: error.to_string() };
    let location: Location = task.url.parse().map_err(unnamed)?;
    let events = Generator::new(Shape::Ordinary).take(task.events)?;
    let of_clients: Vec<_> =
        appends_of_clients(&events)?.into_iter().skip(task.first).take(task.clients).collect();
    drop(events);
    let count = of_clients.iter().map(Vec::len).sum();
    let place = Place::of_writer(location, task.folder, &format!("state-{}", task.first));
    runtime()?.block_on(async {
        let own = OwnLog::open(&place, Vec::new()).await?;
        writeln!(output, "ready").and_then(|()| output.flush()).map_err(|_| ENDED)?;
        line()?;
        let measured = run_clients(&own, of_clients, count).await?;
        let done = Done { events: measured.events, latencies_nanos: nanos(&measured.latencies) };
        let done = serde_json::to_string(&done).map_err(|_| ENDED)?;
        writeln!(output, "{done}").and_then(|()| output.flush()).map_err(|_| ENDED)?;
        own.close().await
    })
}

fn nanos(latencies: &Latencies) -> Vec<u64> {
    latencies.iter().map(|latency| u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX)).collect()
}
