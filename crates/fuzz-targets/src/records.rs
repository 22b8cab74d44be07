//! From bytes to records: every byte is looked at once, rows mean what another reader of CSV says.

use std::io::Cursor;

use annals_connect::{Decoded, Format, Record, RecordReader, decompressed};

use crate::choices::Choices;
use crate::json_oracle::Json;

pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let format = if choices.coin() { Format::Csv } else { Format::Jsonl };
    check_source(choices.rest(), format);
}

/// Reads a whole source and holds every record against the source.
fn check_source(source: &[u8], format: Format) {
    let Ok(input) = decompressed(Cursor::new(source.to_vec())) else { return };
    let mut reader = RecordReader::new(input, format);
    let is_compressed = source.starts_with(&[0x1f, 0x8b]);
    let (mut last_line, mut bytes) = (0, 0);
    while let Ok(Some(decoded)) = reader.next_decoded() {
        let line = match &decoded {
            Decoded::Record(record) => {
                bytes += record.text.len();
                check_record(record);
                record.line
            }
            Decoded::Refused { line, bytes: refused, refusal } => {
                bytes += refused.len();
                assert!(!refusal.code().is_empty() && !refusal.to_string().is_empty());
                *line
            }
        };
        assert!(line > last_line, "line {line} after line {last_line}");
        assert!(line <= reader.line().max(line));
        last_line = line;
    }
    assert!(is_compressed || bytes <= source.len(), "no byte belongs to two records");
}

fn check_record(record: &Record) {
    if !record.is_row() {
        assert_eq!(record.as_json(), record.text);
        return;
    }
    let Some(Json::Object(row)) = Json::parse(record.as_json()) else { panic!("a row is an object") };
    let mut fields = csv::ReaderBuilder::new().has_headers(false).from_reader(record.text.as_bytes());
    let fields = fields.records().next().expect("a row").expect("a row of text");
    let mut expected: Vec<&str> = fields.iter().collect();
    let mut found: Vec<&str> = row
        .values()
        .map(|value| match value {
            Json::String(text) => text.as_str(),
            other => panic!("{other:?} is no string"),
        })
        .collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}
