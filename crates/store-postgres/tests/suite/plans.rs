//! Look-ups go by indexes, in tables that nobody has analysed, empty or not.

use std::time::{Duration, Instant};

use annals_event::{ActorId, NewEvent, Tag, Tags};
use annals_store::{Append, EventStore, Page, PageRequest, Query, QueryItem};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::shared_server;

use crate::logs::{create, numbered, options, somebody, stream};

/// Few events among 200,000 that match nothing.
async fn fill(store: &PostgresEventStore) {
    for batch in 0..10_u128 {
        let noise = |n: u128| NewEvent {
            actor_id: Some(ActorId::new("many").unwrap()),
            ..numbered(batch << 32 | n, &format!("Noise/{}", n % 5_000))
        };
        store.append(Append { events: (0..20_000).map(noise).collect(), ..Append::default() }).await.unwrap();
        let rare = NewEvent {
            actor_id: Some(ActorId::new("ann").unwrap()),
            event_type: annals_event::EventType::new("Rare").unwrap(),
            tags: Tags::new(vec![Tag::new("vip").unwrap()]),
            metadata: annals_event::JsonObject::new(r#"{"correlationId":"c-1"}"#).unwrap(),
            payload: annals_event::JsonObject::new(r#"{"price":{"net":10.50}}"#).unwrap(),
            ..numbered(1 << 100 | batch, "Order/rare")
        };
        store.append(rare.into()).await.unwrap();
    }
}

fn questions() -> [(&'static str, QueryItem); 7] {
    let item = QueryItem::default;
    [
        ("by_aggregate_id", QueryItem { streams: vec![stream("Order/rare")], ..item() }),
        ("by_aggregate_id", QueryItem { aggregate_id: Some(stream("Order/rare").aggregate_id), ..item() }),
        ("by_actor", QueryItem { actor_id: Some(ActorId::new("ann").unwrap()), ..item() }),
        (
            "by_event_type",
            QueryItem { event_types: vec![annals_event::EventType::new("Rare").unwrap()], ..item() },
        ),
        ("by_correlation", QueryItem { correlation_id: Some("c-1".to_owned()), ..item() }),
        ("by_payload_1", QueryItem { payload: vec!["/price/net = 10.5".parse().unwrap()], ..item() }),
        ("by_tag", QueryItem { tags: vec![Tag::new("vip").unwrap()], ..item() }),
    ]
}

async fn ask(store: &PostgresEventStore, item: &QueryItem) -> Page {
    store.read_page(&Query::from(item.clone()), PageRequest::default()).await.unwrap()
}

/// How often each kind of look-up was used, and how many rows of events were read, as the server counts them.
async fn uses(client: &tokio_postgres::Client) -> (Vec<(String, i64)>, i64) {
    client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    let rows = client
        .query(
            "SELECT substring(indexrelname from 'by_.*'), sum(idx_scan)::bigint FROM pg_stat_user_indexes \
             WHERE schemaname = current_schema() AND indexrelname LIKE 'events_%_by_%' GROUP BY 1 ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    let read = client
        .query_one(
            "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_user_tables \
             WHERE schemaname = current_schema() AND relname LIKE 'events_%'",
            &[],
        )
        .await
        .unwrap();
    (rows.iter().map(|row| (row.get(0), row.get(1))).collect(), read.get(0))
}

#[tokio::test]
async fn every_look_up_goes_by_its_index() {
    // Seven blocks, the last of which is not full.
    let options = PostgresOptions {
        block_len: 32_768,
        payload_paths: vec!["/price/net".parse().unwrap()],
        ..options()
    };
    let store = create(&options).await;
    let client = somebody(shared_server(), &options).await;
    client.batch_execute("ALTER TABLE events_0 SET (autovacuum_enabled = off)").await.unwrap();
    // Plans are made, and kept, while the log is empty.
    for (_, item) in questions() {
        assert!(ask(&store, &item).await.events.is_empty());
    }
    fill(&store).await;
    store.settle().await.unwrap();
    for (look_up, item) in questions() {
        // Connections tell of what they read when they rest, and some of what they did before.
        let started = Instant::now();
        loop {
            let before = uses(&client).await;
            assert_eq!(ask(&store, &item).await.events.len(), 10, "{look_up}");
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let after = uses(&client).await;
            let used: Vec<&String> =
                after.0.iter().filter(|use_| !before.0.contains(use_)).map(|(name, _)| name).collect();
            let read = after.1 - before.1;
            if used == [look_up] && read < 1_000 {
                break;
            }
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "{look_up}: {used:?}, {read} rows were read"
            );
        }
    }
}
