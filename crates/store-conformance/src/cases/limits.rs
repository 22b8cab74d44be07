//! What an event may hold at the most, checked at the door.

use annals_event::{InvalidEvent, NewEvent};
use annals_store::{Append, StoreError};

use crate::build::{Described, append, event};
use crate::fixture::Fixture;

/// An object of exactly so many bytes.
fn of_bytes(bytes: usize) -> String {
    format!(r#"{{"x":"{}"}}"#, "x".repeat(bytes - 8))
}

async fn refused(t: &Fixture, sent: impl Into<Append>) -> (usize, InvalidEvent) {
    match t.refused(sent).await {
        StoreError::InvalidEvent { index, source } => (index, source),
        error => panic!("{error:?}"),
    }
}

pub(crate) async fn a_payload_of_the_greatest_size_is_kept(t: Fixture) {
    let text = of_bytes(1 << 20);
    t.append(event("A/1", "A").payload(&text).metadata(&text)).await;
    assert_eq!(t.all().await[0].payload.value().unwrap().as_str(), text);
}

pub(crate) async fn a_larger_text_is_refused_and_named(t: Fixture) {
    let large = of_bytes((1 << 20) + 1);
    let sent = || event("A/1", "A");
    let tried = [
        ("payload", sent().payload(&large)),
        ("metadata", sent().metadata(&large)),
        ("context", sent().context(&large)),
    ];
    for (name, sent) in tried {
        let expected = InvalidEvent::TooLarge { field: name, bytes: (1 << 20) + 1, bytes_max: 1 << 20 };
        assert_eq!(refused(&t, sent).await, (0, expected));
    }
}

pub(crate) async fn a_longer_name_is_refused_and_named(t: Fixture) {
    let (longest, longer) = ("x".repeat(255), "x".repeat(256));
    let named = |name: &str| {
        [
            ("aggregateType", event(&format!("{name}/1"), "A")),
            ("aggregateId", event(&format!("A/{name}"), "A")),
            ("eventType", event("A/1", name)),
            ("actorId", event("A/1", "A").by(name)),
            ("tag", event("A/1", "A").tagged(&["a", name])),
        ]
    };
    for (field, sent) in named(&longer) {
        let expected = InvalidEvent::NameTooLong { field, bytes: 256, bytes_max: 255 };
        assert_eq!(refused(&t, sent).await, (0, expected));
    }
    t.append(append(named(&longest).map(|(_, sent)| sent))).await;
    assert_eq!(t.size().await, 5);
}

pub(crate) async fn more_tags_are_refused(t: Fixture) {
    let with_tags = |count: usize| -> NewEvent {
        let tags: Vec<String> = (0..count).map(|n| format!("tag:{n}")).collect();
        event("A/1", "A").tagged(&tags.iter().map(String::as_str).collect::<Vec<_>>())
    };
    t.append(with_tags(32)).await;
    assert_eq!(refused(&t, with_tags(33)).await, (0, InvalidEvent::TooManyTags { count: 33, count_max: 32 }));
}

pub(crate) async fn the_event_that_is_refused_is_named(t: Fixture) {
    let large = of_bytes((1 << 20) + 1);
    let sent =
        append([event("A/1", "A"), event("A/1", "A"), event("A/1", "A").payload(&large), event("A/1", "A")]);
    assert_eq!(refused(&t, sent).await.0, 2);
}
