//! Whatever happens to the index file, every answer stays the same, and the file becomes whole again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals_event::{
    ActorId, EventId, EventType, JsonObject, NewEvent, RecordedEvent, StreamName, Tag, Tags, Timestamp,
};
use annals_store::{
    Append, Direction, EventReader, EventStore, Inspection, Query, QueryItem, ReadOptions, Statistics,
    StreamCatalog, StreamFilter, StreamSummary, TimeRange,
};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use proptest::prelude::*;
use tempfile::TempDir;

/// What happens to the index file while nobody has the log open.
#[derive(Debug, Clone)]
enum Damage {
    Deleted,
    /// Cut to this part of its length, in thousandths.
    Truncated(u64),
    /// Bytes at these places, in millionths of the length, are changed by this mask.
    Changed(Vec<(u64, u8)>),
    /// Put back to what it was when the log was closed for the first time.
    CutBack,
    /// Replaced by another log's.
    Foreign,
    /// Replaced by something that is no index.
    Garbage(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        Just(Damage::Deleted),
        (0_u64..1_000).prop_map(Damage::Truncated),
        prop::collection::vec((0_u64..1_000_000, 1_u8..=255), 1..40).prop_map(Damage::Changed),
        Just(Damage::CutBack),
        Just(Damage::Foreign),
        prop::collection::vec(any::<u8>(), 0..5_000).prop_map(Damage::Garbage),
    ]
}

/// Everything that the index helps to answer.
#[derive(Debug, PartialEq)]
struct Answers {
    events: Vec<Vec<RecordedEvent>>,
    positions: Vec<Option<u64>>,
    streams: Vec<StreamSummary>,
    statistics: Statistics,
}

fn event(number: u64) -> NewEvent {
    let stream = StreamName::new("Order", format!("o{}", number % 7)).unwrap();
    let payload = JsonObject::new(format!(r#"{{"n":{number},"kind":"k{}"}}"#, number % 3)).unwrap();
    let moment = 1_700_000_000_000_000 + i64::try_from(number * 7_919 % 1_000).unwrap() * 60_000_000;
    NewEvent {
        event_id: Some(event_id(number)),
        timestamp: Some(Timestamp::from_micros(moment).unwrap()),
        actor_id: Some(ActorId::new(format!("actor{}", number % 4)).unwrap()),
        tags: Tags::new(vec![Tag::new(format!("tag:{}", number % 5)).unwrap()]),
        metadata: JsonObject::new(format!(r#"{{"correlationId":"c{}"}}"#, number / 10)).unwrap(),
        ..NewEvent::new(stream, EventType::new(format!("T{}", number % 6)).unwrap(), payload)
    }
}

fn event_id(number: u64) -> EventId {
    EventId::derived(&[&number.to_be_bytes()])
}

fn questions() -> Vec<Query> {
    let item = QueryItem::default;
    let moment = |minutes: i64| Timestamp::from_micros(1_700_000_000_000_000 + minutes * 60_000_000).unwrap();
    let time = TimeRange { from: Some(moment(200)), to: Some(moment(420)) };
    let items = [
        item(),
        QueryItem {
            event_types: vec![EventType::new("T1").unwrap(), EventType::new("T4").unwrap()],
            ..item()
        },
        QueryItem { streams: vec![StreamName::new("Order", "o3").unwrap()], ..item() },
        QueryItem {
            aggregate_id: Some("o5".parse().unwrap()),
            actor_id: Some("actor1".parse().unwrap()),
            ..item()
        },
        QueryItem { tags: vec!["tag:2".parse().unwrap()], timestamp: time, ..item() },
        QueryItem { correlation_id: Some("c3".into()), ..item() },
        QueryItem { payload: vec!["/kind = k1".parse().unwrap()], ..item() },
        QueryItem { payload: vec!["/n >= 290".parse().unwrap()], timestamp: time, ..item() },
    ];
    items.into_iter().map(Query::from).collect()
}

async fn answers(store: &SqliteEventStore) -> Answers {
    let mut events = Vec::new();
    for query in questions() {
        for direction in [Direction::Forwards, Direction::Backwards] {
            let options = ReadOptions { direction, ..ReadOptions::default() };
            let mut reader = EventReader::new(store, query.clone(), options);
            let mut found = Vec::new();
            while let Some(page) = reader.next_page().await.unwrap() {
                found.extend(page);
            }
            events.push(found);
        }
    }
    let mut positions = Vec::new();
    for number in (0..400).step_by(23) {
        positions.push(store.position_of(event_id(number)).await.unwrap().map(|position| position.0));
    }
    let streams = store.streams(&StreamFilter::default(), None, 100).await.unwrap();
    let statistics = Statistics { size_on_disk: 0, ..store.statistics(100).await.unwrap() };
    Answers { events, positions, streams, statistics }
}

fn options() -> SqliteOptions {
    let payload_paths = vec!["/kind".parse().unwrap(), "/n".parse().unwrap()];
    SqliteOptions { payload_paths, ..SqliteOptions::default() }
}

fn index_of(log: &Path) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push("-index");
    name.into()
}

async fn write(log: &Path, numbers: std::ops::Range<u64>) -> Answers {
    let store = SqliteEventStore::create_or_open(log, options()).unwrap();
    for number in numbers {
        store.append(Append::event(event(number))).await.unwrap();
    }
    let answers = answers(&store).await;
    store.close().await.unwrap();
    answers
}

fn inflict(damage: &Damage, index: &Path, earlier: &[u8], foreign: &[u8]) {
    let mut bytes = fs::read(index).unwrap();
    match damage {
        Damage::Deleted => return fs::remove_file(index).unwrap(),
        Damage::Truncated(thousandths) => bytes.truncate(bytes.len() * *thousandths as usize / 1_000),
        Damage::Changed(places) => {
            for (millionths, mask) in places {
                let at = bytes.len() * *millionths as usize / 1_000_000;
                bytes[at] ^= mask;
            }
        }
        Damage::CutBack => bytes = earlier.to_vec(),
        Damage::Foreign => bytes = foreign.to_vec(),
        Damage::Garbage(garbage) => bytes = garbage.clone(),
    }
    fs::write(index, bytes).unwrap();
}

/// A log of 300 events, its index after 150 of them, and another log's index.
struct Prepared {
    folder: TempDir,
    log: PathBuf,
    earlier: Vec<u8>,
    foreign: Vec<u8>,
    answers: Answers,
}

async fn prepare() -> Prepared {
    let folder = tempfile::tempdir().unwrap();
    let (log, other) = (folder.path().join("annals.db"), folder.path().join("other.db"));
    write(&log, 0..150).await;
    let earlier = fs::read(index_of(&log)).unwrap();
    let answers = write(&log, 150..300).await;
    write(&other, 0..300).await;
    let foreign = fs::read(index_of(&other)).unwrap();
    Prepared { folder, log, earlier, foreign, answers }
}

#[test]
fn every_answer_stays_the_same_whatever_happens_to_the_index() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let prepared = Arc::new(runtime.block_on(prepare()));
    let pristine = prepared.folder.path().join("pristine");
    fs::create_dir(&pristine).unwrap();
    for file in ["annals.db", "annals.db-index", "annals.db-lock"] {
        fs::copy(prepared.folder.path().join(file), pristine.join(file)).unwrap();
    }
    proptest!(ProptestConfig::with_cases(64), |(damage in damage())| {
        let folder = tempfile::tempdir().unwrap();
        for file in ["annals.db", "annals.db-index", "annals.db-lock"] {
            fs::copy(pristine.join(file), folder.path().join(file)).unwrap();
        }
        let log = folder.path().join("annals.db");
        inflict(&damage, &index_of(&log), &prepared.earlier, &prepared.foreign);
        runtime.block_on(async {
            let reader = SqliteEventStore::open_for_reading(&log).unwrap();
            prop_assert_eq!(&answers(&reader).await, &prepared.answers, "read beside the damage");
            reader.close().await.unwrap();
            let writer = SqliteEventStore::create_or_open(&log, options()).unwrap();
            prop_assert_eq!(&answers(&writer).await, &prepared.answers, "written after the damage");
            prop_assert_eq!(writer.inspect(10).await.unwrap().problems, vec![], "the index is whole again");
            let repeat = writer.append(Append::event(event(7))).await.unwrap();
            prop_assert!(repeat.repeated, "event ids are known again");
            writer.close().await.unwrap();
            Ok(())
        })?;
    });
    assert!(prepared.log.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_follows_a_writer_and_sees_every_event_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("annals.db");
    let writer = SqliteEventStore::create_or_open(&log, options()).unwrap();
    let reader = SqliteEventStore::open_for_reading(&log).unwrap();
    for number in 0..200 {
        writer.append(Append::event(event(number))).await.unwrap();
        let head = reader.grown(number).await.unwrap();
        assert_eq!(head.size, number + 1);
        if number % 50 == 49 {
            assert_eq!(answers(&reader).await, answers(&writer).await);
        }
    }
}
