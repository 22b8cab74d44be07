//! Merged, the payloads give states that read well.

use std::sync::Arc;

use annals_demo::Plot;
use annals_event::{StreamName, Timestamp};
use annals_history::{History, JqOptions, Moment, Rules};
use annals_jq::WorkerCommand;
use annals_store::{EventStore, MemoryStore};

use crate::told::{at, month};

async fn history(moments: &[annals_demo::Moment]) -> History {
    let store = Arc::new(MemoryStore::new());
    for moment in moments {
        store.append(moment.append.clone()).await.unwrap();
    }
    // No rule has a program.
    History::new(store, Rules::default(), JqOptions::new(WorkerCommand::new("annals", ["jq-worker"])))
}

async fn value(history: &History, stream: &StreamName, moment: Moment, pointer: &str) -> String {
    let state = history.state(stream, moment).await.unwrap().state.to_string();
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    state.pointer(pointer).unwrap_or_else(|| panic!("{stream} has no {pointer}: {state}")).to_string()
}

#[tokio::test]
async fn the_wrong_refund_is_in_the_state_until_it_is_corrected_and_blame_names_who_issued_it() {
    let (business, moments) = month(11);
    let history = history(&moments).await;
    let chapter = business.story().chapter(Plot::DoubleRefund).unwrap();
    let corrected = chapter.corrected.unwrap();
    let before = Timestamp::from_micros(corrected.happened_at.as_micros() - 1).unwrap();
    let [then, now] = [Moment::Time(before), Moment::Now];
    let wrong = value(&history, &chapter.stream, then, "/refunded").await;
    let right = value(&history, &chapter.stream, now, "/refunded").await;
    assert_eq!(wrong.parse::<f64>().unwrap(), 2.0 * right.parse::<f64>().unwrap());

    let blame = history.blame(&chapter.stream, now).await.unwrap();
    let leaf = blame.leaves.iter().find(|leaf| leaf.path.to_string() == "/refund/amount").unwrap();
    assert_eq!(leaf.value.to_string(), wrong);
    assert_eq!(leaf.by.event_id, chapter.wrong.event_id);
    assert_eq!(leaf.by.actor_id.as_ref().unwrap().as_str(), "lena");
}

#[tokio::test]
async fn the_grinder_costs_a_tenth_in_the_night_of_the_thirteenth_day() {
    let (_, moments) = month(12);
    let history = history(&moments).await;
    let grinder = StreamName::new("Product", "grinder").unwrap();
    for (when, price) in [(at(12, 2, 0), "89.00"), (at(12, 3, 0), "8.90"), (at(12, 8, 0), "89.00")] {
        assert_eq!(value(&history, &grinder, Moment::Time(when), "/price").await, price);
    }
}

#[tokio::test]
async fn an_order_ends_with_all_that_became_of_it() {
    let (_, moments) = month(13);
    let delivered = crate::told::events(&moments).find(|event| event.event_type.as_str() == "OrderDelivered");
    let order = &delivered.unwrap().stream;
    let history = history(&moments).await;
    for pointer in ["/customer", "/lines/0/product", "/total", "/payment", "/tracking", "/receivedBy"] {
        value(&history, order, Moment::Now, pointer).await;
    }
}
