//! Whatever cannot be stored is kept with its place and reason, and the rest is imported.

use std::io::Cursor;

use annals_connect::{LettersInLog, Mapping, Preset};
use annals_store::{DeadLetterState, DeadLetterStore, MemoryStore};

use crate::support::{events, import_of, run_preset};

const GOOD: &str = r#"{"eventType":"A","aggregate":"Order/1","payload":{}}"#;

/// Lines that cannot be stored, with the code of the reason and a part of it.
const REFUSED: &[(&str, &str, &str)] = &[
    ("nonsense", "record-not-json", "column 2"),
    (r#"["an array"]"#, "record-not-json", "object"),
    (r#"{"eventType":"A""#, "record-not-json", "EOF"),
    (r#"{"aggregate":"Order/1","payload":{}}"#, "member-missing", "eventType"),
    (r#"{"eventType":"A","aggregate":"Order/1","payload":null}"#, "member-missing", "payload"),
    (r#"{"eventType":"A","aggregateId":"1","payload":{}}"#, "member-missing", "aggregateType"),
    (r#"{"eventType":"A","aggregateType":"Order","payload":{}}"#, "member-missing", "aggregateId"),
    (r#"{"eventType":["A"],"aggregate":"Order/1","payload":{}}"#, "member-invalid", "an array"),
    (r#"{"eventType":"A","eventType":"B","aggregate":"Order/1","payload":{}}"#, "member-invalid", "twice"),
    (
        r#"{"eventType":"A","aggregate":"Order/1","aggregateId":"1","payload":{}}"#,
        "member-invalid",
        "aggregate",
    ),
    (r#"{"eventType":"A","aggregate":"Order/1","payload":7}"#, "member-invalid", "payload is a number"),
    (r#"{"eventType":"A","aggregate":"Order/1","payload":{},"version":"new"}"#, "member-invalid", "version"),
    (r#"{"eventType":"A","aggregate":"Order/1","payload":{},"erased":{}}"#, "member-invalid", "erased"),
    (
        r#"{"eventType":"A","aggregate":"Order/1","payload":{},"metadata":{"correlationId":"a"},"correlationId":"b"}"#,
        "member-invalid",
        "put it into metadata",
    ),
    (r#"{"eventType":"A","aggregate":"Order/1","payload":{},"user":"x"}"#, "member-unknown", "actorId"),
    (r#"{"eventType":"","aggregate":"Order/1","payload":{}}"#, "invalid-event", "eventType is empty"),
    (r#"{"eventType":"A","aggregate":"Order","payload":{}}"#, "invalid-event", "TYPE/ID"),
    (
        r#"{"eventType":"A","aggregate":"Order/1","payload":{"a":1,"a":2}}"#,
        "invalid-event",
        "payload: the name \"a\" stands twice",
    ),
    (
        r#"{"eventType":"A","aggregate":"Order/1","payload":{},"timestamp":"2026-11-20"}"#,
        "invalid-event",
        "offset",
    ),
    (r#"{"eventType":"A","aggregate":"Order/1","payload":{},"version":0}"#, "invalid-event", "version"),
];

/// An event whose id is always the same.
fn with_id(total: u32) -> String {
    format!(
        r#"{{"eventId":"0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11","eventType":"A","aggregate":"Order/1","payload":{{"total":{total}}}}}"#
    )
}

fn with_payload(payload: &str) -> String {
    format!(r#"{{"eventType":"A","aggregate":"Order/1","payload":{payload}}}"#)
}

#[tokio::test]
async fn every_kind_of_bad_line_becomes_a_dead_letter_and_the_rest_is_stored() {
    let large = with_payload(&format!(r#"{{"x":"{}"}}"#, "x".repeat(1 << 20)));
    let deep = with_payload(&["{\"a\":".repeat(100_000), "}".repeat(100_000)].join("1"));
    let conflict = with_id(2);
    let mut cases = REFUSED.to_vec();
    cases.push((&large, "invalid-event", "payload is 1048584 bytes long"));
    cases.push((&deep, "invalid-event", "nested more than 100 deep"));
    cases.push((&conflict, "event-id-conflict", "0192f0c1"));
    let mut text = format!("{}\n", with_id(1));
    for (line, _, _) in &cases {
        text.extend([line, "\n\r\n", GOOD, "\r\n"]);
    }
    let store = MemoryStore::new();
    let outcome = run_preset(&store, Preset::Annals, "bad.jsonl", &text).await;
    assert_eq!(outcome.dead_letters.len(), cases.len());
    for (index, ((line, code, reason), letter)) in cases.iter().zip(&outcome.dead_letters).enumerate() {
        assert_eq!(letter["source"], "bad.jsonl");
        assert_eq!(letter["line"], 2 + 3 * index, "{letter}");
        assert_eq!(letter["code"], *code, "{letter}");
        assert_eq!(letter["record"], *line);
        assert!(letter["reason"].as_str().unwrap().contains(reason), "{letter}");
    }
    assert_eq!(outcome.counts(), [1 + cases.len() as u64, 0, 0, cases.len() as u64]);
    assert_eq!(outcome.report.read, 1 + 2 * cases.len() as u64);
    assert_eq!(events(&store).await.len(), 1 + cases.len());
}

#[tokio::test]
async fn bytes_that_are_no_text_are_kept_as_base64() {
    let text = [b"{}\xff\n", GOOD.as_bytes()].concat();
    let store = MemoryStore::new();
    let outcome = run_preset(&store, Preset::Annals, "bad.jsonl", &text).await;
    assert_eq!(outcome.refused(), [(1, "record-not-utf8")]);
    assert_eq!(outcome.dead_letters[0]["recordBase64"], "e33/");
    assert!(outcome.dead_letters[0]["reason"].as_str().unwrap().contains("from byte 2 on"));
    assert_eq!(outcome.counts(), [1, 0, 0, 1]);
}

#[tokio::test]
async fn a_line_without_end_is_cut_and_the_next_is_imported() {
    let text = [&vec![b'x'; 9 << 20][..], b"\n", GOOD.as_bytes()].concat();
    let store = MemoryStore::new();
    let outcome = run_preset(&store, Preset::Annals, "long.jsonl", &text).await;
    assert_eq!(outcome.refused(), [(1, "record-too-long")]);
    assert_eq!(outcome.dead_letters[0]["record"].as_str().unwrap().len(), 64 << 10);
    assert_eq!(outcome.counts(), [1, 0, 0, 1]);
}

#[tokio::test]
async fn the_log_itself_keeps_each_input_once_however_often_it_is_imported() {
    let store = MemoryStore::new();
    let import = async |text: &str| {
        let import = import_of("orders.jsonl", Mapping::Preset(Preset::Annals));
        let mut letters = LettersInLog::new(&store);
        let input = Cursor::new(text.as_bytes().to_vec());
        import.run(input, &store, &mut letters, |_| {}).await.unwrap()
    };
    let file = format!("{GOOD}\nnonsense\n{{}}\n");
    assert_eq!(import(&file).await.rejected, 2);
    let kept = store.dead_letters(None, None, 10).await.unwrap();
    let told = |index: usize| {
        let letter = &kept[index].letter;
        (letter.source.as_str(), letter.place.as_str(), letter.code.as_str(), letter.raw.as_slice())
    };
    assert_eq!(told(0), ("orders.jsonl", "2", "record-not-json", b"nonsense".as_slice()));
    assert_eq!(told(1), ("orders.jsonl", "3", "member-missing", b"{}".as_slice()));
    store.settle_dead_letter(kept[0].id, DeadLetterState::Discarded).await.unwrap();
    // The file grew by a line that is wrong as another one was.
    assert_eq!(import(&format!("{file}nonsense\n")).await.rejected, 3);
    let kept = store.dead_letters(None, None, 10).await.unwrap();
    let places: Vec<_> = kept.iter().map(|kept| kept.letter.place.as_str()).collect();
    assert_eq!(places, ["2", "3", "4"]);
}
