//! A process that is killed while it writes loses nothing that it acknowledged.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::{EventId, EventType, JsonObject, NewEvent, Position, StreamName};
use annals_store::{
    Append, EventReader, EventStore, ExpectedVersion, Inspection, ProofStore, Query, ReadOptions,
};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};

/// Names the folder in which this very test is the process that is going to be killed.
const VICTIM: &str = "ANNALS_CRASH_VICTIM";

/// How many processes are killed; `ANNALS_KILLS` asks for another number.
const KILLS: u64 = 40;

/// Clients that append at the same time.
const CLIENTS: u64 = 4;

#[test]
fn acknowledged_events_survive_a_kill() {
    if let Some(folder) = std::env::var_os(VICTIM) {
        return write_until_killed(&PathBuf::from(folder));
    }
    let kills =
        std::env::var("ANNALS_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number of kills"));
    let folder = tempfile::tempdir().unwrap();
    for kill in 0..kills {
        let mut victim = start_victim(folder.path());
        let before = witnessed(folder.path()).len();
        let patience = Instant::now() + Duration::from_secs(60);
        while witnessed(folder.path()).len() < before + 20 {
            assert!(Instant::now() < patience, "the writing process makes no progress");
            assert!(victim.try_wait().unwrap().is_none(), "the writing process ended by itself");
            std::thread::sleep(Duration::from_millis(5));
        }
        // Kills fall at different moments of a commit, an index batch, a WAL checkpoint.
        std::thread::sleep(Duration::from_micros(kill * 7_919 % 40_000));
        victim.kill().unwrap();
        victim.wait().unwrap();
        check(folder.path());
    }
}

fn start_victim(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["acknowledged_events_survive_a_kill", "--exact", "--nocapture"])
        .env(VICTIM, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Every acknowledged event: its id and its place.
fn witnessed(folder: &Path) -> HashMap<String, u64> {
    let text = fs::read_to_string(folder.join("witness")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines
        .filter_map(|(id, position)| Some((id.to_owned(), position.strip_suffix('.')?.parse().ok()?)))
        .collect()
}

#[tokio::main]
async fn write_until_killed(folder: &Path) {
    let path = folder.join("annals.db");
    let store = Arc::new(SqliteEventStore::create_or_open(&path, SqliteOptions::default()).unwrap());
    let clients = (0..CLIENTS).map(|client| {
        let (store, path) = (Arc::clone(&store), folder.join("witness"));
        tokio::spawn(async move {
            let mut witness = OpenOptions::new().create(true).append(true).open(&path).unwrap();
            let stream = StreamName::new("Client", client.to_string()).unwrap();
            // Whoever forgets to kill this process removes its folder.
            while path.exists() {
                let read = store.read_page(&Query::stream(stream.clone()), last_event()).await.unwrap();
                let expected = read
                    .events
                    .last()
                    .map_or(ExpectedVersion::NoStream, |event| ExpectedVersion::Exactly(event.version));
                let payload = JsonObject::new(format!(r#"{{"client":{client}}}"#)).unwrap();
                let events = vec![
                    NewEvent::new(stream.clone(), EventType::new("Written").unwrap(), payload.clone()),
                    NewEvent::new(stream.clone(), EventType::new("WrittenToo").unwrap(), payload),
                ];
                let append = Append { events, ..Append::default() }.expecting(stream.clone(), expected);
                for placement in store.append(append).await.unwrap().events {
                    // One write, so that a line is whole or absent.
                    let line = format!("{} {}.\n", placement.event_id, placement.position);
                    witness.write_all(line.as_bytes()).unwrap();
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
}

fn last_event() -> annals_store::PageRequest {
    let direction = annals_store::Direction::Backwards;
    annals_store::PageRequest { direction, events_max: 1, ..annals_store::PageRequest::default() }
}

/// Opens the log as the next process would: everything is there once, without gaps, and fits together.
#[tokio::main]
async fn check(folder: &Path) {
    let store =
        SqliteEventStore::create_or_open(&folder.join("annals.db"), SqliteOptions::default()).unwrap();
    let mut ids = HashMap::new();
    let mut versions: HashMap<StreamName, u64> = HashMap::new();
    let mut reader = EventReader::new(&store, Query::all(), ReadOptions::default());
    while let Some(page) = reader.next_page().await.unwrap() {
        for event in page {
            assert_eq!(event.position, Position(ids.len() as u64), "positions are gapless");
            let version = versions.entry(event.stream().unwrap()).or_default();
            *version += 1;
            assert_eq!(event.version.0, *version, "versions are gapless");
            assert!(ids.insert(event.event_id.to_string(), event.position.0).is_none(), "an id stands twice");
        }
    }
    assert_eq!(ids.len() % 2, 0, "an append was recorded in part");
    for (id, position) in witnessed(folder) {
        assert_eq!(ids.get(&id), Some(&position), "an acknowledged event is lost");
        let id: EventId = id.parse().unwrap();
        assert_eq!(store.position_of(id).await.unwrap(), Some(Position(position)), "the index knows it");
    }
    let head = store.head().await.unwrap();
    assert_eq!(store.root_at(head.size).await.unwrap(), head.root, "the tree is whole");
    assert_eq!(store.inspect(10).await.unwrap(), vec![], "everything derived fits");
    store.close().await.unwrap();
}
