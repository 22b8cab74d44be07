//! Inputs that could not become events, so that none is lost.

use annals_store::{Clock, DeadLetterId, DeadLetterState, NewDeadLetter, StoreError};

use crate::fixture::Fixture;

fn letter(place: &str, raw: &[u8]) -> NewDeadLetter {
    NewDeadLetter {
        source: "file:orders.jsonl".to_owned(),
        place: place.to_owned(),
        code: "invalid-json".to_owned(),
        reason: "the text ends too early (line 1, column 2)".to_owned(),
        raw: raw.to_vec(),
    }
}

async fn keep(t: &Fixture, count: u64) {
    for n in 1..=count {
        let id = t.store().keep_dead_letter(letter(&n.to_string(), b"{")).await.unwrap();
        assert_eq!(id, DeadLetterId(n));
    }
}

async fn ids(t: &Fixture, state: Option<DeadLetterState>, after: Option<u64>, limit: usize) -> Vec<u64> {
    let found = t.store().dead_letters(state, after.map(DeadLetterId), limit).await.unwrap();
    found.iter().map(|letter| letter.id.0).collect()
}

async fn settle(t: &Fixture, id: u64, state: DeadLetterState) -> Result<(), StoreError> {
    t.store().settle_dead_letter(DeadLetterId(id), state).await
}

pub(crate) async fn none_is_kept_at_first(t: Fixture) {
    assert!(ids(&t, None, None, 10).await.is_empty());
}

pub(crate) async fn is_numbered_from_1_and_kept_as_it_came(t: Fixture) {
    let raws: [&[u8]; 5] = [b"", b"{\"a\":", b"\x00\xff\xfe binary \x80", "ä😀\n".as_bytes(), &[7; 100_000]];
    for (index, raw) in raws.iter().enumerate() {
        t.setup.clock.advance(1);
        let place = format!("line {index} 'ä\"");
        let id = t.store().keep_dead_letter(letter(&place, raw)).await.unwrap();
        let kept = t.store().dead_letter(id).await.unwrap();
        assert_eq!(kept.id, DeadLetterId(index as u64 + 1));
        assert_eq!(kept.letter, letter(&place, raw));
        assert_eq!((kept.state, kept.received_at), (DeadLetterState::Open, t.setup.clock.now()));
    }
}

pub(crate) async fn that_is_unknown_is_not_found(t: Fixture) {
    keep(&t, 1).await;
    for id in [0, 2, u64::MAX] {
        assert!(
            matches!(t.store().dead_letter(DeadLetterId(id)).await, Err(StoreError::NotFound { .. })),
            "{id}"
        );
        assert!(
            matches!(settle(&t, id, DeadLetterState::Retried).await, Err(StoreError::NotFound { .. })),
            "{id}"
        );
    }
}

pub(crate) async fn those_kept_are_listed_by_number(t: Fixture) {
    keep(&t, 5).await;
    assert_eq!(ids(&t, None, None, 10).await, [1, 2, 3, 4, 5]);
    assert_eq!(ids(&t, None, None, 2).await, [1, 2]);
    assert_eq!(ids(&t, None, Some(2), 2).await, [3, 4]);
    assert!(ids(&t, None, Some(5), 2).await.is_empty());
    assert!(ids(&t, None, None, 0).await.is_empty());
}

pub(crate) async fn is_settled_once(t: Fixture) {
    keep(&t, 4).await;
    settle(&t, 2, DeadLetterState::Retried).await.unwrap();
    settle(&t, 3, DeadLetterState::Discarded).await.unwrap();
    assert!(matches!(settle(&t, 2, DeadLetterState::Discarded).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(settle(&t, 3, DeadLetterState::Discarded).await, Err(StoreError::NotFound { .. })));
    assert_eq!(t.store().dead_letter(DeadLetterId(2)).await.unwrap().state, DeadLetterState::Retried);
    assert_eq!(ids(&t, Some(DeadLetterState::Open), None, 10).await, [1, 4]);
    assert_eq!(ids(&t, Some(DeadLetterState::Open), Some(1), 10).await, [4]);
    assert_eq!(ids(&t, Some(DeadLetterState::Retried), None, 10).await, [2]);
    assert_eq!(ids(&t, Some(DeadLetterState::Discarded), None, 10).await, [3]);
    assert_eq!(ids(&t, None, None, 10).await, [1, 2, 3, 4]);
}

pub(crate) async fn is_no_event(t: Fixture) {
    let before = t.store().head().await.unwrap();
    keep(&t, 3).await;
    assert_eq!(t.store().head().await.unwrap(), before);
}

pub(crate) async fn is_there_after_reopening(mut t: Fixture) {
    keep(&t, 2).await;
    settle(&t, 1, DeadLetterState::Retried).await.unwrap();
    let before = t.store().dead_letters(None, None, 10).await.unwrap();
    t.reopen().await;
    assert_eq!(t.store().dead_letters(None, None, 10).await.unwrap(), before);
    let id = t.store().keep_dead_letter(letter("3", b"{")).await.unwrap();
    assert_eq!(id, DeadLetterId(3));
}
