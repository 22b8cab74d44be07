//! Readers in other processes, whatever becomes of them, hold up no append, and no space for good.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use annals_event::{EventType, JsonObject, NewEvent, StreamName};
use annals_store::{Append, EventStore, PageRequest, Query};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};

/// Names the log to the process that reads it.
const LOG: &str = "ANNALS_TEST_NEIGHBOURS_LOG";

/// Above this the write-ahead log may never grow while readers read as they should.
const WAL_BYTES_MAX: u64 = 256 << 20;

/// Bytes of payload of each event, and events of each append.
const PAYLOAD_LEN: usize = 60_000;
const PER_APPEND: u64 = 50;

/// A process that reads a log over and over, until it is killed.
struct Reader(Child);

impl Reader {
    /// Starts it and waits until it reads.
    fn start(log: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_process_that_reads_until_it_is_killed", "--ignored", "--nocapture"])
            .env(LOG, log)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("a page was read")), "the reader ended early");
        Self(process)
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.0.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
#[ignore = "a process that the other tests start"]
fn a_process_that_reads_until_it_is_killed() {
    let store = SqliteEventStore::open_for_reading(&PathBuf::from(std::env::var_os(LOG).unwrap())).unwrap();
    let mut has_told = false;
    loop {
        let mut request = PageRequest::default();
        while let Some(resume) = store.read_page_blocking(&Query::all(), request).unwrap().resume {
            request.after = Some(resume);
            if !has_told {
                println!("a page was read");
                has_told = true;
            }
        }
    }
}

async fn append(store: &SqliteEventStore, appends: u64) {
    let filling = "x".repeat(PAYLOAD_LEN);
    for _ in 0..appends {
        let event = |number: u64| {
            let payload = JsonObject::new(format!(r#"{{"n":{number},"filling":"{filling}"}}"#)).unwrap();
            let stream = StreamName::new("Order", format!("o{number}")).unwrap();
            NewEvent::new(stream, EventType::new("Placed").unwrap(), payload)
        };
        let append = Append { events: (0..PER_APPEND).map(event).collect(), ..Append::default() };
        let appended = tokio::time::timeout(Duration::from_secs(60), store.append(append)).await;
        appended.expect("nobody may hold an append up").unwrap();
    }
}

fn wal_len(log: &Path) -> u64 {
    let mut wal = log.as_os_str().to_owned();
    wal.push("-wal");
    std::fs::metadata(wal).map_or(0, |wal| wal.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_never_rest_let_the_write_ahead_log_start_anew() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("annals.db");
    let store = SqliteEventStore::create_or_open(&log, SqliteOptions::default()).unwrap();
    append(&store, 5).await;
    let _readers = [Reader::start(&log), Reader::start(&log)];
    // Together more than the limit, so that a log that only grows is found.
    let mut greatest = 0;
    for _ in 0..110 {
        append(&store, 1).await;
        greatest = greatest.max(wal_len(&log));
    }
    assert!(greatest < WAL_BYTES_MAX, "the write-ahead log had {greatest} bytes");
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_stopped_or_killed_holds_no_append_up_and_no_space_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("annals.db");
    let store = SqliteEventStore::create_or_open(&log, SqliteOptions::default()).unwrap();
    append(&store, 5).await;
    for round in 0..6_u64 {
        let reader = Reader::start(&log);
        tokio::time::sleep(Duration::from_millis(3 + round * 7)).await;
        reader.signal("STOP");
        append(&store, 4).await;
        if round % 2 == 0 {
            reader.signal("CONT");
            append(&store, 1).await;
        }
        // Dropped, it is killed, stopped or not.
    }
    store.close().await.unwrap();
    assert_eq!(wal_len(&log), 0, "everything is folded into the file");
    let store = SqliteEventStore::open_for_reading(&log).unwrap();
    assert_eq!(store.head().await.unwrap().size, (5 + 6 * 4 + 3) * PER_APPEND);
}
