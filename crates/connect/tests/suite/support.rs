//! Imports from memory into a store in memory, and what became of them.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use annals_connect::{Format, Import, ImportError, ImportReport, JqMapping, Mapping, Preset, SourceName};
use annals_event::{Limits, RecordedEvent, Timestamp};
use annals_jq::WorkerCommand;
use annals_store::{Clock, EventReader, EventStore, MemoryStore, Query, ReadOptions, SystemRandomness};
use serde_json::Value;

/// An import's report and its dead letters.
pub(crate) struct Outcome {
    pub(crate) report: ImportReport,
    pub(crate) dead_letters: Vec<Value>,
}

impl Outcome {
    /// Appended, repeated, skipped, rejected.
    pub(crate) fn counts(&self) -> [u64; 4] {
        let report = &self.report;
        [report.appended, report.repeated, report.skipped, report.rejected]
    }

    /// Line and code of each dead letter.
    pub(crate) fn refused(&self) -> Vec<(u64, &str)> {
        let line = |letter: &Value| letter["line"].as_u64().unwrap();
        self.dead_letters.iter().map(|letter| (line(letter), letter["code"].as_str().unwrap())).collect()
    }
}

pub(crate) fn import_of(name: &str, mapping: Mapping) -> Import {
    Import::new(SourceName::new(name).unwrap(), Format::of_file_name(name), mapping)
}

/// A mapping that runs in this crate's own worker, with time enough for a busy machine.
pub(crate) fn jq(program: &str) -> Mapping {
    let worker = WorkerCommand::new(env!("CARGO_BIN_EXE_annals-connect-jq-worker"), [""; 0]);
    let limits =
        annals_jq::Limits { record_deadline: Duration::from_secs(20), ..annals_jq::Limits::default() };
    Mapping::Jq(JqMapping::compile("test.jq", program, worker).unwrap().with_limits(limits))
}

pub(crate) async fn run(
    store: &dyn EventStore,
    import: Import,
    bytes: &[u8],
) -> Result<Outcome, ImportError> {
    let mut dead_letters = Vec::new();
    let report = import.run(Cursor::new(bytes.to_vec()), store, &mut dead_letters, |_| {}).await?;
    Ok(Outcome { report, dead_letters: letters(&dead_letters) })
}

pub(crate) fn letters(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

pub(crate) async fn run_preset(
    store: &dyn EventStore,
    preset: Preset,
    name: &str,
    text: impl AsRef<[u8]>,
) -> Outcome {
    run(store, import_of(name, Mapping::Preset(preset)), text.as_ref()).await.unwrap()
}

/// All events of a store in their order.
pub(crate) async fn events(store: &MemoryStore) -> Vec<RecordedEvent> {
    let mut reader = EventReader::new(store, Query::all(), ReadOptions::default());
    let mut events = Vec::new();
    while let Some(page) = reader.next_page().await.unwrap() {
        events.extend(page);
    }
    events
}

/// What a mapping decides about an event, on one line.
pub(crate) fn shown(event: &RecordedEvent) -> String {
    let part = |text: Option<&str>| text.unwrap_or("erased").to_owned();
    let parts = [
        event.event_type.to_string(),
        event.stream().unwrap().to_string(),
        format!("v{}", event.schema_version),
        event.timestamp.to_string(),
        event.actor_id.value().unwrap().to_string(),
        part(event.payload.value().map(|payload| payload.as_str())),
        part(event.metadata.value().map(|metadata| metadata.as_str())),
        part(event.context.value().map(|context| context.as_str())),
    ];
    parts.join(" | ")
}

/// A store in which it is always 1970, so that times that were filled in are known.
pub(crate) fn store_in_1970() -> MemoryStore {
    struct Stopped;
    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }
    let origin = "test".parse().unwrap();
    MemoryStore::with(Arc::new(Stopped), Arc::new(SystemRandomness), Limits::default(), origin)
}

/// A file of `examples/data`.
pub(crate) fn example(path: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/data");
    std::fs::read(folder.join(path)).unwrap()
}
