//! A streaming replica answers questions, and never with less than this process knows of.

use std::time::Duration;

use annals_event::EventType;
use annals_store::{EventStore, Page, PageRequest, Query, QueryItem, StreamCatalog, StreamFilter};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::{Cluster, Shutdown};
use tokio_postgres::Client;

use crate::logs::{check_sound, create, events, numbered, options_at, somebody};

/// A log with a replica; a connection to each.
struct Replicated {
    store: PostgresEventStore,
    options: PostgresOptions,
    servers: [Cluster; 2],
    clients: [Client; 2],
}

async fn replicated() -> Replicated {
    let mut primary = Cluster::start();
    let options = PostgresOptions { block_len: 64, ..options_at(&primary.url()) };
    create(&options).await.close().await.unwrap();
    let replica = primary.start_replica();
    let options = PostgresOptions { replica: Some(replica.url().parse().unwrap()), ..options };
    let clients = [somebody(&primary.url(), &options).await, somebody(&replica.url(), &options).await];
    // The replica may not have the log so far.
    while clients[1].query("SELECT FROM head", &[]).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Replicated { store: create(&options).await, options, servers: [primary, replica], clients }
}

async fn counted(store: &PostgresEventStore) -> Page {
    let item = QueryItem { event_types: vec![EventType::new("Counted").unwrap()], ..QueryItem::default() };
    let request = PageRequest { events_max: 10_000, ..PageRequest::default() };
    store.read_page(&Query::from(item), request).await.unwrap()
}

/// How many pages a server was asked for by the connections that it has.
async fn pages_asked_for(client: &Client) -> i64 {
    let pages = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'annals' AND query LIKE '%a page of the events%'";
    client.query_one(pages, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_answers_questions_with_everything_that_was_written_before() {
    let Replicated { store, options, servers, clients } = replicated().await;
    for round in 1..=40_u64 {
        store.append(events("Order/1", 10)).await.unwrap();
        let page = counted(&store).await;
        assert_eq!((page.events.len() as u64, page.size), (10 * round, 10 * round));
    }
    store.append(numbered(7, "Order/2").into()).await.unwrap();
    let seven = numbered(7, "Order/2").event_id.unwrap();
    assert_eq!(store.position_of(seven).await.unwrap().map(|position| position.0), Some(400));
    assert_eq!(store.streams(&StreamFilter::default(), None, 10).await.unwrap().len(), 2);
    store.settle().await.unwrap();
    assert_eq!(counted(&store).await.events.len(), 401);
    assert!(pages_asked_for(&clients[1]).await > 0, "the replica was not asked");
    assert_eq!(pages_asked_for(&clients[0]).await, 0, "the primary was asked");
    check_sound(&store).await;
    // Another process reads what this one wrote as soon as it knows of it.
    let other = create(&options).await;
    assert_eq!(other.head().await.unwrap().size, 401);
    assert_eq!(counted(&other).await.events.len(), 401);
    drop(servers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_behind_or_away_is_not_waited_for() {
    let Replicated { store, servers, clients, .. } = replicated().await;
    let [_primary, mut replica] = servers;
    store.append(events("Order/1", 5)).await.unwrap();
    assert_eq!(counted(&store).await.events.len(), 5);
    clients[1].batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
    store.append(events("Order/1", 5)).await.unwrap();
    assert_eq!(counted(&store).await.events.len(), 10);
    replica.stop(Shutdown::Immediate);
    store.append(events("Order/1", 5)).await.unwrap();
    assert_eq!(counted(&store).await.events.len(), 15);
    // Once it is asked again it is found to be away.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counted(&store).await.events.len(), 15);
}

#[tokio::test]
async fn another_log_is_no_replica() {
    let (primary, other) = (Cluster::start(), Cluster::start());
    let options = options_at(&primary.url());
    create(&options).await.close().await.unwrap();
    let elsewhere = PostgresOptions { location: other.url().parse().unwrap(), ..options.clone() };
    let location = elsewhere.location.with_schema(options.location.schema().clone());
    create(&PostgresOptions { location: location.clone(), ..options.clone() }).await.close().await.unwrap();
    let options = PostgresOptions { replica: Some(location), ..options };
    let error = PostgresEventStore::open(options).await.err().expect("it is refused").to_string();
    assert!(error.contains("no replica"), "{error}");
}
