//! The server dies and connections end while clients append: what was acknowledged is there, and nothing is there
//! twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use annals_event::EventId;
use annals_store::{EventStore, StoreError};
use annals_store_postgres::PostgresEventStore;
use annals_test_postgres::{Cluster, Shutdown, shared_server};
use tokio::task::JoinHandle;

use crate::logs::{check_sound, create, numbered, options, options_at, somebody};

const CLIENTS: u32 = 16;

/// Clients that append until they are told to stop. Each gives the ids that were acknowledged. An append that gets no
/// answer is repeated; one that does is no repeat unless it was one.
fn begin_clients(store: &Arc<PostgresEventStore>, stop: &Arc<AtomicBool>) -> Vec<JoinHandle<Vec<EventId>>> {
    let client = |client: u32| {
        let (store, stop) = (Arc::clone(store), Arc::clone(stop));
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for n in 0_u32.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let event = numbered(u128::from(client) << 32 | u128::from(n), &format!("Client/{client}"));
                let mut is_unanswered = false;
                loop {
                    match store.append(event.clone().into()).await {
                        Ok(appended) => {
                            assert!(!appended.repeated || is_unanswered, "it was sent once");
                            acknowledged.extend(appended.events.iter().map(|place| place.event_id));
                            break;
                        }
                        Err(StoreError::Unavailable { .. }) => is_unanswered = true,
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            acknowledged
        })
    };
    (0..CLIENTS).map(client).collect()
}

async fn check_acknowledged(store: &PostgresEventStore, clients: Vec<JoinHandle<Vec<EventId>>>) {
    let mut acknowledged = Vec::new();
    for client in clients {
        acknowledged.extend(client.await.unwrap());
    }
    assert!(acknowledged.len() > 100, "only {} events were recorded", acknowledged.len());
    let recorded = check_sound(store).await;
    assert!(acknowledged.iter().all(|id| recorded.contains(id)), "an acknowledged event is lost");
    assert_eq!(acknowledged.len(), recorded.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_stopped_at_once_and_started_again_loses_nothing() {
    let mut server = Cluster::start();
    let store = Arc::new(create(&options_at(&server.url())).await);
    let stop = Arc::new(AtomicBool::new(false));
    let clients = begin_clients(&store, &stop);
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        server = tokio::task::spawn_blocking(move || {
            server.stop(Shutdown::Immediate);
            server.start_again();
            server
        })
        .await
        .unwrap();
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    check_acknowledged(&store, clients).await;
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_ended_again_and_again_lose_nothing() {
    let options = options();
    let store = Arc::new(create(&options).await);
    let killer = somebody(shared_server(), &options).await;
    let stop = Arc::new(AtomicBool::new(false));
    let clients = begin_clients(&store, &stop);
    // Only those of this log: other tests have theirs.
    let pattern = format!("%{}%", options.location.schema());
    for n in 0_u64..60 {
        tokio::time::sleep(Duration::from_millis(5 + n % 17)).await;
        killer
            .query(
                "SELECT pg_terminate_backend(activity.pid) FROM pg_stat_activity AS activity \
                 JOIN pg_locks AS lock USING (pid) JOIN pg_class AS relation ON relation.oid = lock.relation \
                 JOIN pg_namespace AS schema ON schema.oid = relation.relnamespace \
                 WHERE schema.nspname LIKE $1 AND activity.pid <> pg_backend_pid()",
                &[&pattern],
            )
            .await
            .unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    check_acknowledged(&store, clients).await;
}

#[tokio::test]
async fn appends_to_a_server_that_stays_away_are_answered_in_the_end() {
    let mut server = Cluster::start();
    let options = annals_store_postgres::PostgresOptions {
        patience: Duration::from_millis(400),
        ..options_at(&server.url())
    };
    let store = create(&options).await;
    store.append(numbered(1, "Order/1").into()).await.unwrap();
    server.stop(Shutdown::Fast);
    let error = store.append(numbered(2, "Order/1").into()).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    server.start_again();
    assert!(!store.append(numbered(2, "Order/1").into()).await.unwrap().repeated);
    assert_eq!(check_sound(&store).await.len(), 2);
}
