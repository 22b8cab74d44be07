//! Where the bytes come from: compressed, from a pipe, as CSV, broken, or anything at all.

use std::io::{self, Read, Write};

use annals_connect::{ImportError, Mapping, Preset};
use annals_store::MemoryStore;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use crate::support::{import_of, letters, run, run_preset};

fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|n| format!("{{\"eventType\":\"E\",\"aggregate\":\"A/{n}\",\"payload\":{{}}}}\n")).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Gives one byte at a time, as a slow pipe may.
struct Dripping(io::Cursor<Vec<u8>>);

impl Read for Dripping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let first = buffer.len().min(1);
        self.0.read(&mut buffer[..first])
    }
}

#[tokio::test]
async fn gzip_of_several_members_is_read_to_its_end_and_is_the_same_source() {
    let store = MemoryStore::new();
    let compressed = [gzip(&lines(0..3)), gzip(&lines(3..5))].concat();
    let outcome = run_preset(&store, Preset::Annals, "a.jsonl", &compressed).await;
    assert_eq!(outcome.counts(), [5, 0, 0, 0]);
    let plain = run_preset(&store, Preset::Annals, "a.jsonl", lines(0..5)).await;
    assert_eq!(plain.counts(), [0, 5, 0, 0]);
}

#[tokio::test]
async fn a_pipe_that_drips_is_read_like_a_file() {
    for bytes in [lines(0..40).into_bytes(), gzip(&lines(0..40))] {
        let (store, mut sink) = (MemoryStore::new(), Vec::new());
        let length = bytes.len() as u64;
        let import = import_of("-", Mapping::Preset(Preset::Annals));
        let mut last = None;
        let input = Dripping(io::Cursor::new(bytes));
        let report = import.run(input, &store, &mut sink, |progress| last = Some(progress)).await.unwrap();
        assert_eq!((report.read, report.appended), (40, 40));
        let last = last.unwrap();
        assert_eq!((last.bytes_read, last.records, last.events), (length, 40, 40));
    }
}

#[tokio::test]
async fn a_source_that_breaks_off_is_imported_up_to_there() {
    let mut compressed = gzip(&lines(0..2_000));
    compressed.truncate(compressed.len() / 2);
    let (store, mut sink) = (MemoryStore::new(), Vec::new());
    let import = import_of("a.jsonl", Mapping::Preset(Preset::Annals));
    let error = import.run(io::Cursor::new(compressed), &store, &mut sink, |_| {}).await.unwrap_err();
    let ImportError::Read { line, .. } = &error else { panic!("{error}") };
    assert!(*line > 0 && *line < 2_000, "{error}");
    let again = run_preset(&store, Preset::Annals, "a.jsonl", lines(0..2_000)).await;
    assert_eq!(again.report.repeated, *line);
    assert_eq!(letters(&sink), [] as [serde_json::Value; 0]);
}

#[tokio::test]
async fn rows_that_do_not_fit_the_header_become_dead_letters() {
    let good = "A,Order/1,{}\n";
    let text =
        format!("eventType,aggregate,payload\n{good}A,Order/1\n{good}A\rB,x,y\n{good}A,\"open,{{}}\n{good}");
    let outcome = run_preset(&MemoryStore::new(), Preset::Annals, "rows.csv", &text).await;
    assert_eq!(outcome.refused(), [(3, "record-not-csv"), (5, "record-not-csv"), (7, "record-not-csv")]);
    assert_eq!(outcome.dead_letters[2]["record"], "A,\"open,{}");
    assert_eq!(outcome.counts(), [4, 0, 0, 3]);
}

#[tokio::test]
async fn a_header_without_meaning_stops_the_import() {
    for (header, reason) in [
        ("a,b,a", "\"a\""),
        ("a,,b", "column 2"),
        ("a,\"b", "quote"),
        ("a\rb", "carriage"),
        ("a;b", "commas"),
    ] {
        let import = import_of("rows.csv", Mapping::Preset(Preset::Annals));
        let text = format!("\n{header}\n1,2,3\n");
        let error = run(&MemoryStore::new(), import, text.as_bytes()).await.err().unwrap();
        assert!(matches!(error, ImportError::Header { line: 2, .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn an_empty_source_is_no_error() {
    for name in ["a.jsonl", "a.csv"] {
        let outcome = run_preset(&MemoryStore::new(), Preset::Annals, name, "\r\n\n").await;
        assert_eq!((outcome.report.read, outcome.counts()), (0, [0; 4]));
    }
}

/// Bytes that look enough like records to get far.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..20),
        "[\"{}\\[\\]:,\\\\a-z0-9\r\n \u{7f}é]{0,30}".prop_map(String::into_bytes),
        prop_oneof![
            Just("{\"eventType\":\"E\",\"aggregate\":\"A/1\",\"payload\":"),
            Just("\"data\":{\"a\":1},"),
            Just("\"task_id\":1,\"event_type\":\"OrderPlaced\","),
            Just("{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"/\",\"subject\":"),
            Just("}\n"),
            Just("\u{1f}\u{8b}"),
        ]
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_every_record_is_stored_or_kept(bytes in bytes(), which in 0..Preset::ALL.len()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for name in ["any.jsonl", "any.csv"] {
                let import = import_of(name, Mapping::Preset(Preset::ALL[which]));
                match run(&MemoryStore::new(), import, &bytes).await {
                    Ok(outcome) => {
                        let report = &outcome.report;
                        assert_eq!(report.read, report.appended + report.repeated + report.rejected);
                        assert_eq!(report.rejected, outcome.dead_letters.len() as u64);
                    }
                    Err(error) => {
                        assert!(matches!(error, ImportError::Header { .. } | ImportError::Read { .. }), "{error}");
                    }
                }
            }
        });
    }
}
