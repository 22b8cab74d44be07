//! A whole import in memory: nothing is lost, nothing is stored twice, and an export is imported as it was.

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use annals_connect::{
    Format, Import, ImportReport, Mapping, Preset, Schema, SchemaCheck, SourceName, WithoutSchema,
};
use annals_event::{EventType, JsonForm, RecordedEvent};
use annals_store::{Direction, EventStore, MemoryStore, PageRequest, Query};
use tokio::runtime::{Builder, Runtime};

use crate::choices::Choices;

/// What payloads of the type `Checked` must look like.
const SCHEMA: &str =
    r#"{"type":"object","required":["n"],"properties":{"n":{"type":"number","maximum":10}}}"#;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));

static CHECK: LazyLock<Arc<SchemaCheck>> = LazyLock::new(|| {
    let schema = Schema {
        event_type: EventType::new("Checked").expect("a name"),
        schema_version: None,
        file: "checked.json".to_owned(),
        text: SCHEMA.to_owned(),
    };
    Arc::new(SchemaCheck::compile([schema], WithoutSchema::Accepted).expect("a schema"))
});

pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let preset = *choices.one_of(&Preset::ALL);
    let format = if choices.coin() { Format::Csv } else { Format::Jsonl };
    let store = MemoryStore::new();
    let Some((first, letters)) = import(&store, choices.rest(), preset, format) else { return };
    assert_eq!(letters as u64, first.rejected, "every record that is refused becomes a dead letter");
    let stored = events(&store);
    assert_eq!(stored.len() as u64, first.appended);
    // A record may fail for what another one made of the log; then it succeeds no better the second time.
    let Some((second, _)) = import(&store, choices.rest(), preset, format) else {
        panic!("it could be read")
    };
    assert_eq!(events(&store), stored, "a repeated import stores nothing");
    assert_eq!((second.appended, second.read, second.rejected), (0, first.read, first.rejected));
    check_export(&stored);
}

/// What an import did, and how many dead letters it wrote; `None` when the source cannot be read to its end.
fn import(
    store: &MemoryStore,
    source: &[u8],
    preset: Preset,
    format: Format,
) -> Option<(ImportReport, usize)> {
    let name = SourceName::new("source").expect("a name");
    let mut import = Import::new(name, format, Mapping::Preset(preset));
    import.checks.push(CHECK.clone());
    let mut letters = Vec::new();
    let report =
        RUNTIME.block_on(import.run(Cursor::new(source.to_vec()), store, &mut letters, |_| ())).ok()?;
    Some((report, letters.iter().filter(|byte| **byte == b'\n').count()))
}

/// An export is imported to the same records but for position, version, time of recording and secrets.
fn check_export(stored: &[RecordedEvent]) {
    for form in [JsonForm::Raw, JsonForm::Exact] {
        let export: String = stored.iter().map(|event| event.to_json(form) + "\n").collect();
        let copy = MemoryStore::new();
        let (report, _) =
            import(&copy, export.as_bytes(), Preset::Annals, Format::Jsonl).expect("it can be read");
        assert_eq!((report.appended, report.rejected), (stored.len() as u64, 0), "{export}");
        for (mut imported, original) in events(&copy).into_iter().zip(stored) {
            imported.recorded_at = original.recorded_at;
            assert_eq!(imported, *original);
        }
    }
}

fn events(store: &MemoryStore) -> Vec<RecordedEvent> {
    let request =
        PageRequest { direction: Direction::Forwards, events_max: usize::MAX, ..PageRequest::default() };
    RUNTIME.block_on(store.read_page(&Query::all(), request)).expect("it can be read").events
}
