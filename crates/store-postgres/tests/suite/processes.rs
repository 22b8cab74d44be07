//! Four processes on one log, two of which are killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use annals_event::EventId;
use annals_store::EventStore;
use annals_test_postgres::{log_url, shared_server};

use crate::logs::{check_sound, create, numbered, options};

/// Names the log and the number of the process that this very test is to be, as one of the four.
const WRITER: &str = "ANNALS_TEST_WRITER";

const TEST: &str = "processes::four_processes_share_a_log_and_the_death_of_two_loses_nothing";

const CLIENTS: u32 = 16;

/// Appends until the process is killed, or for some time, and says which ids were acknowledged.
async fn write(location: &str, number: u32) {
    let options = annals_store_postgres::PostgresOptions {
        block_len: 1_024,
        ..annals_store_postgres::PostgresOptions::new(location.parse().unwrap())
    };
    let store = Arc::new(create(&options).await);
    let end = std::time::Instant::now() + Duration::from_secs(4);
    let client = |client: u32| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 0_u32.. {
                if std::time::Instant::now() > end {
                    return;
                }
                let id = u128::from(number) << 64 | u128::from(client) << 32 | u128::from(n);
                let stream = format!("Stream/{}", n % 7);
                store.append(numbered(id, &stream).into()).await.unwrap();
                println!("acknowledged {id}");
            }
        })
    };
    for client in (0..CLIENTS).map(client).collect::<Vec<_>>() {
        client.await.unwrap();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_processes_share_a_log_and_the_death_of_two_loses_nothing() {
    if let Ok(task) = std::env::var(WRITER) {
        let (number, location) = task.split_once(' ').unwrap();
        return write(location, number.parse().unwrap()).await;
    }
    let options = options();
    let location = log_url(shared_server(), options.location.schema().as_str());
    let store = create(&options).await;
    let mut processes: Vec<Child> = (0..4).map(|number| begin(&location, number)).collect();
    let reading: Vec<_> = processes
        .iter_mut()
        .map(|process| {
            let stdout = process.stdout.take().unwrap();
            std::thread::spawn(move || acknowledged(stdout))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    processes[1].kill().unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    processes[3].kill().unwrap();
    let mut ids = Vec::new();
    for thread in reading {
        ids.extend(tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap());
    }
    for process in &mut processes {
        process.wait().unwrap();
    }
    let recorded = check_sound(&store).await;
    assert!(ids.len() > 200, "only {} events were acknowledged", ids.len());
    assert!(ids.iter().all(|id| recorded.contains(id)), "an acknowledged event is lost");
    // What was under way when a process died may be recorded and not acknowledged.
    assert!(recorded.len() - ids.len() <= 2 * CLIENTS as usize, "{} and {}", recorded.len(), ids.len());
}
