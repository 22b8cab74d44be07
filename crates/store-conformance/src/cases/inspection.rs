//! A sound log has no problems, and what is derived can be derived anew.

use annals_store::{Append, Statistics, StreamFilter};

use crate::build::{Described, Guarded, advance, append, event, events, numbered, of_type, tagged};
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
    assert_eq!(t.store().inspect(10).await.unwrap(), []);
}

pub(crate) async fn finds_nothing_in_a_sound_log(mut t: Fixture) {
    fill(&t).await;
    assert_eq!(t.store().inspect(10).await.unwrap(), []);
    t.reopen().await;
    assert_eq!(t.store().inspect(10).await.unwrap(), []);
}

pub(crate) async fn rebuilds_what_is_derived_and_changes_no_answer(t: Fixture) {
    fill(&t).await;
    let store = t.store();
    let before = (store.head().await.unwrap(), t.all().await, t.positions(tagged(&["a"])).await);
    let streams = store.streams(&StreamFilter::default(), None, 100).await.unwrap();
    let statistics = Statistics { size_on_disk: 0, ..store.statistics(10).await.unwrap() };
    store.rebuild_derived().await.unwrap();
    assert_eq!((store.head().await.unwrap(), t.all().await, t.positions(tagged(&["a"])).await), before);
    assert_eq!(store.streams(&StreamFilter::default(), None, 100).await.unwrap(), streams);
    assert_eq!(Statistics { size_on_disk: 0, ..store.statistics(10).await.unwrap() }, statistics);
    assert_eq!(store.inspect(10).await.unwrap(), []);
}

pub(crate) async fn appends_go_on_after_a_rebuilding(t: Fixture) {
    fill(&t).await;
    t.store().rebuild_derived().await.unwrap();
    assert!(t.append(append([numbered(5).tagged(&["a"])])).await.repeated);
    let place = t.append(event("Order/1", "Late")).await.events[0];
    assert_eq!((place.position.0, place.version.0), (303, 302));
    assert_eq!(t.positions(of_type("Late")).await, [303]);
    assert_eq!(t.store().inspect(10).await.unwrap(), []);
}
