//! An import may be repeated: only what is new is appended.

use annals_connect::Preset;
use annals_event::RecordedEvent;
use annals_store::MemoryStore;

use crate::support::{events, run_preset};

fn lines(count: usize) -> String {
    // Every second line says the same, and is an event of its own all the same.
    let line =
        |n: usize| format!("{{\"eventType\":\"E\",\"aggregate\":\"A/1\",\"payload\":{{\"n\":{}}}}}\n", n / 2);
    (0..count).map(line).collect()
}

#[tokio::test]
async fn importing_twice_adds_nothing_and_a_grown_source_adds_what_is_new() {
    let store = MemoryStore::new();
    let first = run_preset(&store, Preset::Annals, "log.jsonl", lines(1_500)).await;
    assert_eq!(first.counts(), [1_500, 0, 0, 0]);
    let again = run_preset(&store, Preset::Annals, "log.jsonl", lines(1_500)).await;
    assert_eq!(again.counts(), [0, 1_500, 0, 0]);
    let grown = run_preset(&store, Preset::Annals, "log.jsonl", lines(1_700)).await;
    assert_eq!(grown.counts(), [200, 1_500, 0, 0]);
}

#[tokio::test]
async fn a_byte_order_mark_and_the_ends_of_lines_make_no_other_event() {
    let store = MemoryStore::new();
    let text = lines(3);
    run_preset(&store, Preset::Annals, "log.jsonl", text.trim_end()).await;
    let again =
        run_preset(&store, Preset::Annals, "log.jsonl", format!("\u{feff}{}", text.replace('\n', "\r\n")))
            .await;
    assert_eq!(again.counts(), [0, 3, 0, 0]);
}

#[tokio::test]
async fn the_order_of_events_is_the_order_of_lines() {
    let store = MemoryStore::new();
    run_preset(&store, Preset::Annals, "log.jsonl", lines(2_000)).await;
    let payload = |event: &RecordedEvent| event.payload.value().unwrap().as_str().to_owned();
    let found: Vec<String> = events(&store).await.iter().map(payload).collect();
    let expected: Vec<String> = (0..2_000).map(|n| format!("{{\"n\":{}}}", n / 2)).collect();
    assert_eq!(found, expected);
}
