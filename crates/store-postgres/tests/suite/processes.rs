//! Four processes on one log, of which two are killed, while the server stops at once and connections are cut.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::{EventId, StreamVersion};
use annals_store::{Append, EventStore, ExpectedVersion};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::{Cluster, Shutdown};

use crate::logs::{check_sound, create, numbered, options_at, somebody, stream};

/// Names the log and the number of the process that this very test is to be, as one of the four.
const WRITER: &str = "ANNALS_TEST_WRITER";

const TEST: &str = "processes::four_processes_share_a_log_and_lose_nothing_whoever_dies";

const CLIENTS: u32 = 16;

/// How long a process appends that nobody kills.
const LIFE: Duration = Duration::from_secs(9);

/// How long one appends that is to be killed, however slow the machine is.
const LIFE_UNTIL_KILLED: Duration = Duration::from_secs(120);

fn is_to_be_killed(number: u32) -> bool {
    !number.is_multiple_of(2)
}

/// Appends until the process is killed, or for some time, and says which ids were acknowledged.
async fn write(location: &str, number: u32) {
    let options = PostgresOptions {
        block_len: 256,
        housekeeping_rest: Duration::from_millis(20),
        ..PostgresOptions::new(location.parse().unwrap())
    };
    let store = Arc::new(create(&options).await);
    let end = Instant::now() + if is_to_be_killed(number) { LIFE_UNTIL_KILLED } else { LIFE };
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(append_until(end, Arc::clone(&store), (number, client))))
        .collect();
    for client in clients {
        client.await.unwrap();
    }
}

/// One client of a process: it writes a stream of its own, whose version it knows, and one that it shares with all.
async fn append_until(end: Instant, store: Arc<PostgresEventStore>, (number, client): (u32, u32)) {
    let own = format!("Own/{number}-{client}");
    let mut expected = ExpectedVersion::NoStream;
    for n in 0_u32.. {
        if Instant::now() > end {
            return;
        }
        let id = u128::from(number) << 64 | u128::from(client) << 32 | u128::from(n);
        let append = if n % 3 == 0 {
            numbered(id, &format!("Shared/{}", n % 7)).into()
        } else {
            Append::event(numbered(id, &own)).expecting(stream(&own), expected)
        };
        let appended = store.append(append).await.unwrap();
        assert!(!appended.repeated, "it was sent once");
        if n % 3 != 0 {
            expected = ExpectedVersion::Exactly(StreamVersion(appended.events[0].version.0));
        }
        println!("acknowledged {id}");
    }
}

fn begin(location: &str, number: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture"])
        .env(WRITER, format!("{number} {location}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The ids that a process says were acknowledged, until it ends; a line that its death cut off says nothing.
fn acknowledged(stdout: ChildStdout) -> Vec<EventId> {
    let lines = BufReader::new(stdout).split(b'\n').map_while(Result::ok);
    let ids = lines.filter_map(|line| {
        let line = String::from_utf8(line).ok()?;
        line.split_once("acknowledged ")?.1.trim().parse::<u128>().ok()
    });
    ids.map(|id| EventId::from_bytes(id.to_be_bytes())).collect()
}

/// Stops the server as a crash does, and starts it again.
async fn crash(server: Cluster) -> Cluster {
    let mut server = server;
    let restart = move || {
        server.stop(Shutdown::Immediate);
        server.start_again();
        server
    };
    tokio::task::spawn_blocking(restart).await.unwrap()
}

/// Ends the connections of all processes.
async fn cut(server: &Cluster, options: &PostgresOptions) {
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'annals'";
    somebody(&server.url(), options).await.batch_execute(cut).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_processes_share_a_log_and_lose_nothing_whoever_dies() {
    if let Ok(task) = std::env::var(WRITER) {
        let (number, location) = task.split_once(' ').unwrap();
        return write(location, number.parse().unwrap()).await;
    }
    let mut server = Cluster::start();
    let options = options_at(&server.url());
    let location = annals_test_postgres::log_url(&server.url(), options.location.schema().as_str());
    create(&options).await.close().await.unwrap();
    let mut processes: Vec<Child> = (0..4).map(|number| begin(&location, number)).collect();
    let reading: Vec<_> = processes
        .iter_mut()
        .map(|process| {
            let stdout = process.stdout.take().unwrap();
            std::thread::spawn(move || acknowledged(stdout))
        })
        .collect();
    let pause = || tokio::time::sleep(Duration::from_millis(900));
    pause().await;
    server = crash(server).await;
    pause().await;
    processes[1].kill().unwrap();
    cut(&server, &options).await;
    pause().await;
    server = crash(server).await;
    pause().await;
    cut(&server, &options).await;
    processes[3].kill().unwrap();
    let mut ids = Vec::new();
    for thread in reading {
        ids.extend(tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap());
    }
    for (number, process) in (0..).zip(&mut processes) {
        assert_eq!(process.wait().unwrap().success(), !is_to_be_killed(number), "process {number}");
    }
    let store = create(&options).await;
    let recorded = check_sound(&store).await;
    assert!(ids.len() > 200, "only {} events were acknowledged", ids.len());
    assert!(ids.iter().all(|id| recorded.contains(id)), "an acknowledged event is lost");
    // What was under way when a process died may be recorded and not acknowledged.
    assert!(recorded.len() - ids.len() <= 2 * CLIENTS as usize, "{} and {}", recorded.len(), ids.len());
}
