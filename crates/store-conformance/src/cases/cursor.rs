//! Places of sources and readers, moved by compare-and-set.

use annals_store::{Append, StoreError};

use crate::build::{Guarded, advance, append, cursor_name, event, events, exactly, numbered, stream, value};
use crate::fixture::Fixture;

async fn place(t: &Fixture, name: &str) -> Option<String> {
    t.store().cursor(&cursor_name(name)).await.unwrap().map(|value| value.to_string())
}

async fn moved(t: &Fixture, name: &str, from: &str, to: &str) {
    t.store().advance_cursor(advance(name, from, to)).await.unwrap();
}

fn assert_conflict(error: &StoreError, cursor: &str, expected: Option<&str>, actual: Option<&str>) {
    let StoreError::CursorConflict { name, expected: wanted, actual: found } = error else {
        panic!("{error:?}")
    };
    assert_eq!(name.as_str(), cursor);
    assert_eq!((wanted.clone(), found.clone()), (expected.map(value), actual.map(value)));
}

pub(crate) async fn that_was_never_moved_has_no_place(t: Fixture) {
    assert_eq!(place(&t, "reader").await, None);
    assert!(t.store().cursors().await.unwrap().is_empty());
}

pub(crate) async fn moves_from_where_it_stands(t: Fixture) {
    moved(&t, "reader", "", "7").await;
    moved(&t, "reader", "7", "9").await;
    moved(&t, "reader", "9", "8").await;
    assert_eq!(place(&t, "reader").await.as_deref(), Some("8"));
}

pub(crate) async fn does_not_move_from_elsewhere(t: Fixture) {
    moved(&t, "reader", "", "7").await;
    let error = t.store().advance_cursor(advance("reader", "6", "8")).await.unwrap_err();
    assert_conflict(&error, "reader", Some("6"), Some("7"));
    let error = t.store().advance_cursor(advance("reader", "", "8")).await.unwrap_err();
    assert_conflict(&error, "reader", None, Some("7"));
    let error = t.store().advance_cursor(advance("other", "6", "8")).await.unwrap_err();
    assert_conflict(&error, "other", Some("6"), None);
    assert_eq!((place(&t, "reader").await.as_deref(), place(&t, "other").await), (Some("7"), None));
}

pub(crate) async fn that_stands_at_the_end_already_is_fine(t: Fixture) {
    moved(&t, "reader", "", "7").await;
    moved(&t, "reader", "", "7").await;
    moved(&t, "reader", "3", "7").await;
    moved(&t, "reader", "7", "7").await;
    assert_eq!(place(&t, "reader").await.as_deref(), Some("7"));
}

pub(crate) async fn moves_together_with_the_events_of_an_append(t: Fixture) {
    t.append(events("Order/1", 2).moving(advance("a", "", "1")).moving(advance("b", "", "2"))).await;
    t.append(events("Order/1", 1).moving(advance("a", "1", "3"))).await;
    assert_eq!((place(&t, "a").await.as_deref(), place(&t, "b").await.as_deref()), (Some("3"), Some("2")));
    assert_eq!(t.size().await, 3);
}

pub(crate) async fn that_stands_elsewhere_refuses_the_append(t: Fixture) {
    moved(&t, "reader", "", "7").await;
    let error = t.refused(events("Order/1", 2).moving(advance("reader", "6", "8"))).await;
    assert_conflict(&error, "reader", Some("6"), Some("7"));
}

pub(crate) async fn that_stands_at_the_end_already_refuses_new_events(t: Fixture) {
    moved(&t, "reader", "", "7").await;
    let error = t.refused(events("Order/1", 1).moving(advance("reader", "", "7"))).await;
    assert_conflict(&error, "reader", None, Some("7"));
}

pub(crate) async fn advances_of_an_append_are_made_all_or_none(t: Fixture) {
    moved(&t, "b", "", "7").await;
    let both = |b: &str| events("Order/1", 1).moving(advance("a", "", "1")).moving(advance("b", b, "8"));
    assert_conflict(&t.refused(both("6")).await, "b", Some("6"), Some("7"));
    assert_eq!(place(&t, "a").await, None);
    t.append(both("7")).await;
    assert_eq!((place(&t, "a").await.as_deref(), place(&t, "b").await.as_deref()), (Some("1"), Some("8")));
}

pub(crate) async fn moves_in_an_append_without_events(t: Fixture) {
    let appended = t.append(Append::default().moving(advance("reader", "", "7"))).await;
    assert_eq!((appended.events.len(), appended.repeated), (0, false));
    assert_eq!((place(&t, "reader").await.as_deref(), t.size().await), (Some("7"), 0));
    let error = t.refused(Append::default().moving(advance("reader", "6", "8"))).await;
    assert_conflict(&error, "reader", Some("6"), Some("7"));
}

pub(crate) async fn moves_in_an_append_without_events_may_be_repeated(t: Fixture) {
    let sent = Append::default().moving(advance("reader", "", "7"));
    t.append(sent.clone()).await;
    let again = t.append(sent).await;
    assert_eq!((again.events.len(), again.repeated), (0, true));
    assert_eq!(place(&t, "reader").await.as_deref(), Some("7"));
}

pub(crate) async fn moves_in_an_append_without_events_when_versions_are_as_expected(t: Fixture) {
    let sent = Append::default().moving(advance("reader", "", "7")).expecting(stream("Order/1"), exactly(1));
    assert!(matches!(t.refused(sent.clone()).await, StoreError::WrongExpectedVersion { .. }));
    t.append(events("Order/1", 1)).await;
    t.append(sent).await;
    assert_eq!(place(&t, "reader").await.as_deref(), Some("7"));
}

pub(crate) async fn of_a_repeated_append_may_stand_at_the_end_already(t: Fixture) {
    let sent = append([numbered(1)]).moving(advance("reader", "", "7"));
    t.append(sent.clone()).await;
    assert!(t.append(sent).await.repeated);
    assert_eq!(place(&t, "reader").await.as_deref(), Some("7"));
}

pub(crate) async fn of_a_repeated_append_is_advanced_where_it_was_not(t: Fixture) {
    t.append(numbered(1)).await;
    assert!(t.append(append([numbered(1)]).moving(advance("reader", "", "7"))).await.repeated);
    assert_eq!(place(&t, "reader").await.as_deref(), Some("7"));
}

pub(crate) async fn of_a_repeated_append_that_stands_elsewhere_is_a_conflict(t: Fixture) {
    let sent = append([numbered(1)]).moving(advance("reader", "", "7"));
    t.append(sent.clone()).await;
    moved(&t, "reader", "7", "9").await;
    assert_conflict(&t.refused(sent).await, "reader", None, Some("9"));
}

pub(crate) async fn of_a_repeated_append_are_moved_all_or_none(t: Fixture) {
    t.append(numbered(1)).await;
    moved(&t, "b", "", "elsewhere").await;
    let sent = append([numbered(1)]).moving(advance("a", "", "1")).moving(advance("b", "", "1"));
    assert_conflict(&t.refused(sent).await, "b", None, Some("elsewhere"));
    assert_eq!(place(&t, "a").await, None);
}

pub(crate) async fn is_seen_by_later_appends_of_the_same_batch(t: Fixture) {
    let step =
        |from: &str, to: &str| Append::event(event("Order/1", "A")).moving(advance("reader", from, to));
    let verdicts =
        t.store().append_each(vec![step("", "1"), step("1", "2"), step("1", "3"), step("2", "4")]).await;
    let recorded: Vec<bool> = verdicts.iter().map(Result::is_ok).collect();
    assert_eq!(recorded, [true, true, false, true]);
    assert_conflict(verdicts[2].as_ref().unwrap_err(), "reader", Some("1"), Some("2"));
    assert_eq!((place(&t, "reader").await.as_deref(), t.size().await), (Some("4"), 3));
}

pub(crate) async fn names_are_listed_with_their_places_in_order(t: Fixture) {
    for name in ["b", "a", "ä", "B", "a/1", "a 1"] {
        moved(&t, name, "", name).await;
    }
    let listed: Vec<(String, String)> = t
        .store()
        .cursors()
        .await
        .unwrap()
        .into_iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let expected = ["B", "a", "a 1", "a/1", "b", "ä"].map(|name| (name.to_owned(), name.to_owned()));
    assert_eq!(listed, expected);
}

pub(crate) async fn places_may_be_any_text(t: Fixture) {
    let long = "x".repeat(5_000);
    for text in ["\u{1F600} \"'\\ \n", "%_*", "{\"offset\":12}", &long] {
        moved(&t, text.get(..4).unwrap_or("emoji"), "", text).await;
    }
    let places: Vec<String> =
        t.store().cursors().await.unwrap().into_iter().map(|(_, value)| value.to_string()).collect();
    assert_eq!(places.len(), 4);
    assert!(places.contains(&long) && places.contains(&"\u{1F600} \"'\\ \n".to_owned()));
}

pub(crate) async fn may_stand_at_an_empty_text(t: Fixture) {
    moved(&t, "reader", "", "").await;
    assert_eq!(place(&t, "reader").await.as_deref(), Some(""));
    let error = t.store().advance_cursor(advance("reader", "", "1")).await.unwrap_err();
    assert_conflict(&error, "reader", None, Some(""));
}

pub(crate) async fn is_where_it_was_after_reopening(mut t: Fixture) {
    moved(&t, "alone", "", "1").await;
    t.append(events("Order/1", 1).moving(advance("with", "", "2"))).await;
    t.reopen().await;
    assert_eq!(
        (place(&t, "alone").await.as_deref(), place(&t, "with").await.as_deref()),
        (Some("1"), Some("2"))
    );
    t.append(events("Order/1", 1).moving(advance("with", "2", "3"))).await;
}

pub(crate) async fn is_moved_by_one_of_many_who_try(t: Fixture) {
    let store = t.store();
    let attempts: Vec<_> = (0..16)
        .map(|n: u32| {
            let store = store.clone();
            let claim = advance("partition", "", &n.to_string());
            tokio::spawn(async move { store.append(events("Order/1", 1).moving(claim)).await })
        })
        .collect();
    let mut recorded = 0;
    for attempt in attempts {
        recorded += usize::from(attempt.await.unwrap().is_ok());
    }
    assert_eq!((recorded, t.size().await), (1, 1));
}
