//! Look-ups go by indexes, in tables that nobody has analysed, empty or not.

use annals_event::{ActorId, NewEvent, Tag, Tags};
use annals_store::{Append, EventStore, Page, PageRequest, Query, QueryItem};
use annals_store_postgres::PostgresEventStore;
use annals_test_postgres::shared_server;

use crate::logs::{create, numbered, options, somebody, stream};

/// Few events among many that match nothing.
async fn fill(store: &PostgresEventStore) {
    for batch in 0..10_u128 {
        let noise = |n: u128| NewEvent {
            actor_id: Some(ActorId::new("many").unwrap()),
            ..numbered(batch << 32 | n, &format!("Noise/{}", n % 50))
        };
        store.append(Append { events: (0..500).map(noise).collect(), ..Append::default() }).await.unwrap();
        let rare = NewEvent {
            actor_id: Some(ActorId::new("ann").unwrap()),
            event_type: annals_event::EventType::new("Rare").unwrap(),
            tags: Tags::new(vec![Tag::new("vip").unwrap()]),
            metadata: annals_event::JsonObject::new(r#"{"correlationId":"c-1"}"#).unwrap(),
            ..numbered(1 << 100 | batch, "Order/rare")
        };
        store.append(rare.into()).await.unwrap();
    }
}

fn questions() -> [(&'static str, QueryItem); 6] {
    let item = QueryItem::default;
    [
        ("events_by_aggregate_id", QueryItem { streams: vec![stream("Order/rare")], ..item() }),
        (
            "events_by_aggregate_id",
            QueryItem { aggregate_id: Some(stream("Order/rare").aggregate_id), ..item() },
        ),
        ("events_by_actor", QueryItem { actor_id: Some(ActorId::new("ann").unwrap()), ..item() }),
        (
            "events_by_event_type",
            QueryItem { event_types: vec![annals_event::EventType::new("Rare").unwrap()], ..item() },
        ),
        ("events_by_correlation", QueryItem { correlation_id: Some("c-1".to_owned()), ..item() }),
        ("events_by_tag", QueryItem { tags: vec![Tag::new("vip").unwrap()], ..item() }),
    ]
}

async fn ask(store: &PostgresEventStore, item: &QueryItem) -> Page {
    store.read_page(&Query::from(item.clone()), PageRequest::default()).await.unwrap()
}

/// The kinds of indexes of the log with how often each was used, as the server counts them.
async fn uses(client: &tokio_postgres::Client) -> Vec<(String, i64)> {
    let rows = client
        .query(
            "SELECT parent.relname::text, sum(pg_stat_get_numscans(index.oid))::bigint FROM pg_class AS parent \
             JOIN pg_inherits ON inhparent = parent.oid JOIN pg_class AS index ON index.oid = inhrelid \
             WHERE parent.relkind = 'I' AND parent.relnamespace = current_schema()::regnamespace GROUP BY 1",
            &[],
        )
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn every_look_up_goes_by_its_index() {
    let options = options();
    let store = create(&options).await;
    let client = somebody(shared_server(), &options).await;
    client.batch_execute("ALTER TABLE events_0 SET (autovacuum_enabled = off)").await.unwrap();
    // Plans are made, and kept, while the log is empty.
    for (_, item) in questions() {
        assert!(ask(&store, &item).await.events.is_empty());
    }
    fill(&store).await;
    for (index, item) in questions() {
        let before = settled_uses(&client).await;
        assert_eq!(ask(&store, &item).await.events.len(), 10, "{index}");
        let after = loop {
            let after = settled_uses(&client).await;
            if after != before {
                break after;
            }
            // Whoever read tells of it when it rests, a moment later.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            ask(&store, &item).await;
        };
        let used: Vec<&String> =
            after.iter().filter(|use_| !before.contains(use_)).map(|(name, _)| name).collect();
        assert!(used.iter().any(|name| name.starts_with(index)), "{index}: {used:?}");
    }
}

/// The counts, as new as they are to be had.
async fn settled_uses(client: &tokio_postgres::Client) -> Vec<(String, i64)> {
    client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    let mut uses = uses(client).await;
    // Rows that are fetched by their positions count for the primary key, whatever leads to them.
    uses.retain(|(name, _)| name != "events_pkey");
    uses.sort();
    uses
}
