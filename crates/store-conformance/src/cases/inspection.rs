//! A sound log has no problems.

use annals_store::Append;

use crate::build::{Described, Guarded, advance, append, event, events, numbered};
use crate::fixture::Fixture;

/// Something of everything.
async fn fill(t: &Fixture) {
    t.append(events("Order/1", 300)).await;
    t.append(append([numbered(5).tagged(&["a"]), numbered(3).by("ann"), event("Order/1", "Paid")])).await;
    t.append(Append::default().moving(advance("reader", "", "1"))).await;
    t.refused(numbered(5).by("other")).await;
    t.append(append([numbered(5).tagged(&["a"])])).await;
}

pub(crate) async fn finds_nothing_in_an_empty_log(t: Fixture) {
    assert_eq!(t.store().inspect(10).await.unwrap().problems, []);
}

pub(crate) async fn finds_nothing_in_a_sound_log(mut t: Fixture) {
    fill(&t).await;
    assert_eq!(t.store().inspect(10).await.unwrap().problems, []);
    t.reopen().await;
    assert_eq!(t.store().inspect(10).await.unwrap().problems, []);
}
