//! Whoever writes a log takes the snapshots that are due, if told by which rules.

use std::num::NonZeroU64;
use std::path::Path;

use annals::history::{JqOptions, Moment, Rules, Source};
use annals::jq::WorkerCommand;
use annals::{
    Append, EventType, HistoryOptions, JsonObject, Location, Log, LogName, NewEvent, StreamName,
    WritingOptions,
};

fn history(every: u64) -> HistoryOptions {
    let every = NonZeroU64::new(every).unwrap();
    let rules = Rules::default().with_default_snapshot_interval(every);
    // No rule is a jq program, so no worker is ever started.
    HistoryOptions { rules, jq: JqOptions::new(WorkerCommand::new("none", [""; 0])) }
}

async fn write(folder: &Path, events: u64, snapshots: Option<HistoryOptions>) {
    let options = WritingOptions {
        key: annals::KeyLocation::Folder(folder.join("keys")),
        signing_state: annals::StateLocation::Folder(folder.join("state")),
        snapshots,
        ..WritingOptions::default()
    };
    let location = Location::sqlite(folder.join("annals.db"));
    let log = annals::open_for_writing(&location, &LogName::main(), options).await.unwrap();
    for number in 0..events {
        let payload = JsonObject::new(format!("{{\"n{number}\":{number}}}")).unwrap();
        let event = NewEvent::new(stream(), EventType::new("T").unwrap(), payload);
        log.events().append(Append::event(event)).await.unwrap();
    }
    log.close().await.unwrap();
}

async fn read(folder: &Path) -> Log {
    let location = Location::sqlite(folder.join("annals.db"));
    annals::open_for_reading(&location, &LogName::main()).await.unwrap()
}

fn stream() -> StreamName {
    StreamName::new("A", "1").unwrap()
}

#[tokio::test]
async fn a_log_that_is_closed_has_the_snapshots_that_are_due() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 700, Some(history(300))).await;
    let log = read(folder.path()).await;
    let history = log.history(history(300));
    let mut versions = Vec::new();
    let mut snapshots = history.snapshots();
    while let Some(snapshot) = snapshots.next().await.unwrap() {
        versions.push(snapshot.version.0);
    }
    assert_eq!(versions, [300, 600]);
    let then = history.state(&stream(), Moment::Version(annals::StreamVersion(350))).await.unwrap();
    assert_eq!((then.source, then.folded), (Source::Snapshot(annals::StreamVersion(300)), 50));
    assert_eq!(then.state.as_object().unwrap().len(), 350);
}

#[tokio::test]
async fn without_rules_no_snapshot_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 10, None).await;
    let log = read(folder.path()).await;
    assert!(log.history(history(5)).snapshots().next().await.unwrap().is_none());
}
