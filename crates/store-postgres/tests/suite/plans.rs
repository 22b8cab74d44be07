//! Look-ups go by indexes, in tables that nobody has analysed, empty or not.

use std::time::{Duration, Instant};

use annals_event::{ActorId, EventType, JsonObject, NewEvent, RecordedEvent, Tag, Tags, Timestamp};
use annals_store::{Append, EventReader, EventStore, Query, QueryItem, ReadOptions, TimeRange};
use annals_store_postgres::{ContainsIndex, PostgresEventStore, PostgresOptions};
use annals_test_postgres::shared_server;

use crate::logs::{create, numbered, options, somebody, stream};

/// Few events among 200,000 that match nothing.
async fn fill(store: &PostgresEventStore) {
    for batch in 0..10_u128 {
        let noise = |n: u128| NewEvent {
            actor_id: Some(ActorId::new("many").unwrap()),
            payload: JsonObject::new(format!(r#"{{"price":{{"net":{n}.25,"code":"A-{n}"}}}}"#)).unwrap(),
            ..numbered(batch << 32 | n, &format!("Noise/{}", n % 5_000))
        };
        store.append(Append { events: (0..20_000).map(noise).collect(), ..Append::default() }).await.unwrap();
        let rare = NewEvent {
            actor_id: Some(ActorId::new("ann").unwrap()),
            event_type: EventType::new("Rare").unwrap(),
            tags: Tags::new(vec![Tag::new("vip").unwrap()]),
            metadata: JsonObject::new(r#"{"correlationId":"c-1"}"#).unwrap(),
            payload: JsonObject::new(r#"{"price":{"net":-10.50,"code":"Z"},"items":[{"sku":"S-1"}]}"#)
                .unwrap(),
            timestamp: Some(day(batch)),
            ..numbered(1 << 100 | batch, "Order/rare")
        };
        store.append(rare.into()).await.unwrap();
    }
}

/// A day long before anything else happened.
fn day(n: u128) -> Timestamp {
    format!("2001-01-{:02}T00:00:00Z", n + 1).parse().unwrap()
}

/// What is asked, by which indexes it is to be answered, how many events of a log are the answer, and how many rows may be
/// read for it.
struct Case {
    indexes: &'static [&'static str],
    item: QueryItem,
    answer: usize,
    rows_max: i64,
}

fn cases() -> Vec<Case> {
    let item = QueryItem::default;
    let rare = || vec![EventType::new("Rare").unwrap()];
    let happened = |from, to| TimeRange { from: Some(day(from)), to: Some(day(to)) };
    let by = |index, item| Case { indexes: index, item, answer: 10, rows_max: 1_000 };
    let payload = |demands: &[&str]| QueryItem {
        payload: demands.iter().map(|d| d.parse().unwrap()).collect(),
        ..item()
    };
    // The nearest positions are scanned first.
    let gathered = |index, demands| Case { rows_max: 12_000, ..by(index, payload(demands)) };
    vec![
        by(&["by_aggregate_id"], QueryItem { streams: vec![stream("Order/rare")], ..item() }),
        by(
            &["by_aggregate_id"],
            QueryItem { aggregate_id: Some(stream("Order/rare").aggregate_id), ..item() },
        ),
        by(&["by_actor"], QueryItem { actor_id: Some(ActorId::new("ann").unwrap()), ..item() }),
        by(&["by_event_type"], QueryItem { event_types: rare(), ..item() }),
        by(&["by_correlation"], QueryItem { correlation_id: Some("c-1".to_owned()), ..item() }),
        by(&["by_payload_1"], payload(&["/price/net = -10.5"])),
        by(&["by_tag"], QueryItem { tags: vec![Tag::new("vip").unwrap()], ..item() }),
        // Far between: of the positions only the zones in which something happened at that time.
        Case {
            rows_max: 20 * 1_024,
            ..by(&[], QueryItem { event_types: rare(), timestamp: happened(0, 9), ..item() })
        },
        // Nothing but one zone.
        Case {
            answer: 1,
            ..by(&["by_event_type"], QueryItem { event_types: rare(), timestamp: happened(0, 0), ..item() })
        },
        gathered(&["by_content"], &[r#"/items contains [{"sku":"S-1"}]"#]),
        gathered(&["by_content"], &["/items/0/sku = S-1"]),
        gathered(&["by_order_1"], &["/price/net < 0"]),
        gathered(&["by_order_1"], &["/price/net >= -11", "/price/net <= -10.5"]),
        gathered(&["by_order_2"], &["/price/code > B"]),
    ]
}

async fn ask(store: &PostgresEventStore, item: &QueryItem) -> Vec<RecordedEvent> {
    let mut reader = EventReader::new(store, Query::from(item.clone()), ReadOptions::default());
    let mut answer = Vec::new();
    while let Some(events) = reader.next_page().await.unwrap() {
        answer.extend(events);
    }
    answer
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
        payload_paths: ["/price/net", "/price/code"].map(|path| path.parse().unwrap()).into(),
        contains_index: ContainsIndex::Sealed,
        ..options()
    };
    let store = create(&options).await;
    let client = somebody(shared_server(), &options).await;
    // Nobody analyses them.
    client.batch_execute("ALTER TABLE events_0 SET (autovacuum_enabled = off)").await.unwrap();
    // Plans are made, and kept, while the log is empty.
    for case in cases() {
        assert!(ask(&store, &case.item).await.is_empty());
    }
    fill(&store).await;
    store.settle().await.unwrap();
    for case in cases() {
        // Connections tell of what they read when they rest, and some of what they did before.
        let started = Instant::now();
        loop {
            let before = uses(&client).await;
            assert_eq!(ask(&store, &case.item).await.len(), case.answer, "{:?}", case.item);
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let after = uses(&client).await;
            let used: Vec<&String> =
                after.0.iter().filter(|use_| !before.0.contains(use_)).map(|(name, _)| name).collect();
            let read = after.1 - before.1;
            if used == case.indexes && read < case.rows_max {
                break;
            }
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "{:?}: {used:?}, {read} rows were read",
                case.item
            );
        }
    }
}
