//! Imports from memory into a store in memory, and what became of them.

use std::io::Cursor;

use annals_connect::{Format, Import, ImportError, ImportReport, Mapping, Preset, SourceName};
use annals_event::RecordedEvent;
use annals_store::{EventReader, EventStore, MemoryStore, Query, ReadOptions};
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
        let refused = |letter: &'_ Value| letter["line"].as_u64().unwrap();
        self.dead_letters.iter().map(|letter| (refused(letter), letter["code"].as_str().unwrap())).collect()
    }
}

pub(crate) fn import_of(name: &str, mapping: Mapping) -> Import {
    Import::new(SourceName::new(name).unwrap(), Format::of_file_name(name), mapping)
}

pub(crate) async fn run(
    store: &dyn EventStore,
    import: Import,
    bytes: &[u8],
) -> Result<Outcome, ImportError> {
    let mut dead_letters = Vec::new();
    let report = import.run(Cursor::new(bytes.to_vec()), store, &mut dead_letters, |_| {}).await?;
    let dead_letters = dead_letters
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    Ok(Outcome { report, dead_letters })
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
