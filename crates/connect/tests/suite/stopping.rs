//! When the store, the dead letters or a check say no.

use std::io::{self, Cursor, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use annals_connect::{ImportError, Mapping, Preset, Refusal, Validate};
use annals_event::{EventId, NewEvent, Position};
use annals_store::{Append, Appended, EventStore, Head, MemoryStore, Page, PageRequest, Query, StoreError};
use annals_tlog::Origin;
use async_trait::async_trait;

use crate::support::{import_of, run, run_preset};

fn lines(count: usize) -> String {
    (0..count)
        .map(|n| format!("{{\"eventType\":\"E\",\"aggregate\":\"A/{n}\",\"payload\":{{}}}}\n"))
        .collect()
}

/// Refuses every append behind the first `room` ones, as a full disk does.
struct FullAfter {
    store: MemoryStore,
    room: AtomicUsize,
}

#[async_trait]
impl EventStore for FullAfter {
    fn origin(&self) -> &Origin {
        self.store.origin()
    }

    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        let mut verdicts = Vec::new();
        for append in appends {
            let has_room =
                self.room.try_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(1));
            verdicts.push(match has_room {
                Ok(_) => self.store.append(append).await,
                Err(_) => Err(StoreError::Unavailable { reason: "the disk is full".into(), source: None }),
            });
        }
        verdicts
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        self.store.read_page(query, request).await
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>, StoreError> {
        self.store.position_of(event_id).await
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.store.head().await
    }

    async fn grown(&self, size: u64) -> Result<Head, StoreError> {
        self.store.grown(size).await
    }
}

#[tokio::test]
async fn a_full_store_stops_the_import_which_says_how_far_it_came_and_may_be_repeated() {
    let store = FullAfter { store: MemoryStore::new(), room: AtomicUsize::new(700) };
    let import = import_of("a.jsonl", Mapping::Preset(Preset::Annals));
    let error = run(&store, import, lines(1_000).as_bytes()).await.err().unwrap();
    let ImportError::Store { line: 700, report, .. } = &error else { panic!("{error}") };
    assert_eq!((report.read, report.appended, report.rejected), (700, 700, 0));
    assert!(error.to_string().contains("the disk is full"), "{error}");
    let again = run_preset(&store.store, Preset::Annals, "a.jsonl", lines(1_000)).await;
    assert_eq!(again.counts(), [300, 700, 0, 0]);
}

/// Never ends, and tells by its share of the counter that it still exists.
struct Endless {
    _alive: Arc<()>,
}

impl io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = b"{\"eventType\":\"E\",\"aggregate\":\"A/1\",\"payload\":{}}\n";
        let length = buffer.len() / line.len() * line.len();
        buffer[..length].copy_from_slice(&line.repeat(length / line.len()));
        Ok(length)
    }
}

#[tokio::test]
async fn an_import_that_is_given_up_reads_no_further() {
    let (store, mut sink, alive) = (MemoryStore::new(), Vec::new(), Arc::new(()));
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let import = import_of("a.jsonl", Mapping::Preset(Preset::Annals));
    let progress = |progress| sender.send(progress).unwrap();
    tokio::select! {
        outcome = import.run(Endless { _alive: Arc::clone(&alive) }, &store, &mut sink, progress) => panic!("{outcome:?}"),
        _ = receiver.recv() => {}
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while Arc::strong_count(&alive) > 1 {
        assert!(Instant::now() < deadline, "the source is still being read");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Cannot be written to.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_dead_letter_that_cannot_be_kept_stops_the_import() {
    let text = format!("{}bad\n{}", lines(2), lines(3));
    let import = import_of("a.jsonl", Mapping::Preset(Preset::Annals));
    let store = MemoryStore::new();
    let error = import.run(Cursor::new(text.into_bytes()), &store, &mut Closed, |_| {}).await.unwrap_err();
    assert!(matches!(error, ImportError::DeadLetters { line: 2, .. }), "{error}");
}

/// Wants no event on an aggregate whose id ends with 3.
struct NoThrees;

impl Validate for NoThrees {
    fn check(&self, event: &NewEvent) -> Result<(), Refusal> {
        match event.stream.aggregate_id.as_str().ends_with('3') {
            true => Err(Refusal::Check { code: "no-threes", reason: "it ends with 3".into() }),
            false => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_check_at_the_door_makes_dead_letters() {
    let mut import = import_of("a.jsonl", Mapping::Preset(Preset::Annals));
    import.checks.push(Arc::new(NoThrees));
    let outcome = run(&MemoryStore::new(), import, lines(15).as_bytes()).await.unwrap();
    assert_eq!(outcome.refused(), [(4, "no-threes"), (14, "no-threes")]);
    assert_eq!(outcome.counts(), [13, 0, 0, 2]);
}
