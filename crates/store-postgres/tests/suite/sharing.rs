//! Several stores on one log, as several servers have them.

use std::sync::Arc;

use annals_event::{Position, StreamVersion};
use annals_store::{Append, EventStore, ExpectedVersion, Query, StoreError, Subscription};
use annals_store_postgres::PostgresEventStore;

use crate::logs::{check_sound, create, numbered, options, stream};

const STORES: u32 = 4;
const CLIENTS: u32 = 16;
const APPENDS: u32 = 12;

/// Counts a shared counter up by one, as often as it takes.
async fn count_up(store: &PostgresEventStore, id: u128, counter: &str) {
    let mut expected = ExpectedVersion::NoStream;
    loop {
        let append = Append::event(numbered(id, counter)).expecting(stream(counter), expected);
        match store.append(append).await {
            Ok(appended) => return assert!(!appended.repeated),
            Err(StoreError::WrongExpectedVersion { actual, .. }) => {
                expected = actual.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exactly);
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_stores_with_sixteen_clients_each_make_one_order() {
    let options = options();
    let mut stores = Vec::new();
    for _ in 0..STORES {
        stores.push(Arc::new(create(&options).await));
    }
    let mut clients = Vec::new();
    for (number, store) in (0_u32..).zip(&stores) {
        for client in 0..CLIENTS {
            let store = Arc::clone(store);
            clients.push(tokio::spawn(async move {
                for n in 0..APPENDS {
                    let id = u128::from(number) << 64 | u128::from(client) << 32 | u128::from(n);
                    // A counter of its own, and one that all clients of all stores count up.
                    let counter =
                        if n % 4 == 0 { "Shared/1".to_owned() } else { format!("Own/{number}-{client}") };
                    count_up(&store, id, &counter).await;
                }
            }));
        }
    }
    for client in clients {
        client.await.unwrap();
    }
    let ids = check_sound(&stores[0]).await;
    assert_eq!(ids.len() as u32, STORES * CLIENTS * APPENDS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_learns_what_another_one_wrote_before_it_refuses_anything() {
    let options = options();
    let (one, other) = (create(&options).await, create(&options).await);
    one.append(numbered(1, "Order/1").into()).await.unwrap();
    other.append(numbered(2, "Order/1").into()).await.unwrap();
    // What the first store remembers of the stream is not true any more.
    let expecting = |id, version| {
        let expected = ExpectedVersion::Exactly(StreamVersion(version));
        Append::event(numbered(id, "Order/1")).expecting(stream("Order/1"), expected)
    };
    let refusal = one.append(expecting(3, 1)).await.unwrap_err();
    assert!(
        matches!(refusal, StoreError::WrongExpectedVersion { actual: Some(StreamVersion(2)), .. }),
        "{refusal}"
    );
    other.append(numbered(4, "Order/1").into()).await.unwrap();
    assert_eq!(one.append(expecting(5, 3)).await.unwrap().events[0].version, StreamVersion(4));
    let repeat = one.append(numbered(4, "Order/1").into()).await.unwrap();
    assert!(repeat.repeated && repeat.events[0].position == Position(2));
    check_sound(&one).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_another_store_is_told_in_order_of_everything() {
    let options = options();
    let (writer, reader) = (create(&options).await, Arc::new(create(&options).await));
    let mut feed = Subscription::new(reader, Query::all(), None);
    let reading = tokio::spawn(async move {
        let mut positions = Vec::new();
        while positions.len() < 200 {
            positions.extend(feed.next().await.unwrap().events.iter().map(|event| event.position.0));
        }
        positions
    });
    for id in 0..200 {
        writer.append(numbered(id, "Order/1").into()).await.unwrap();
    }
    let positions = tokio::time::timeout(std::time::Duration::from_secs(20), reading).await.unwrap().unwrap();
    assert_eq!(positions, (0..200).collect::<Vec<_>>());
}
