//! Several servers on one log in PostgreSQL, as a balancer has them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use annals::{
    Append, EventId, EventStore as _, EventType, HttpEventStore, HttpLocation, JsonObject, LogName, NewEvent,
    Position, Query, StoreError, StreamName, Subscription,
};
use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
use serde_json::json;

use crate::serving::Served;
use crate::workbench::Workbench;

const WRITERS: usize = 8;
const APPENDS_EACH: usize = 60;
const SUBSCRIBERS: usize = 4;

/// With the one that is there before.
const ALL: usize = 1 + WRITERS * APPENDS_EACH;

/// What stands before the servers: whoever gets no answer from one asks another.
#[derive(Clone)]
struct Balancer {
    servers: Arc<[HttpLocation]>,
}

impl Balancer {
    /// The log, as the first server gives it that answers, beginning with one of them.
    async fn log(&self, beginning: usize) -> Arc<HttpEventStore> {
        for turn in beginning.. {
            if let Ok(log) =
                HttpEventStore::open(&self.servers[turn % self.servers.len()], &LogName::main()).await
            {
                return Arc::new(log);
            }
        }
        unreachable!("it goes on until one answers")
    }

    /// Appends until it is acknowledged: by whichever server, with the same event id.
    async fn append(&self, append: Append, beginning: usize) {
        for turn in beginning.. {
            match self.log(turn).await.append(append.clone()).await {
                Ok(_) => return,
                Err(StoreError::Unavailable { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// An event that no other writer and no other number has.
fn event(writer: usize, number: usize) -> (EventId, Append) {
    let id = EventId::derived(&[&writer.to_be_bytes(), &number.to_be_bytes()]);
    let stream = StreamName::new("Order", format!("of-{writer}").as_str()).unwrap();
    let mut event = NewEvent::new(
        stream,
        EventType::new("OrderPlaced").unwrap(),
        JsonObject::new(r#"{"total":99.90}"#).unwrap(),
    );
    event.event_id = Some(id);
    (id, Append::event(event))
}

/// Follows the log from its beginning, on another server whenever one is lost; the positions in the order of arrival.
async fn follow(balancer: Balancer, number: usize) -> Vec<u64> {
    let (mut seen, mut turn) = (Vec::new(), number);
    while seen.len() < ALL {
        let after = seen.last().copied().map(Position);
        let mut feed = Subscription::new(balancer.log(turn).await, Query::all(), after);
        while seen.len() < ALL {
            let Ok(delivery) = feed.next().await else { break };
            seen.extend(delivery.events.iter().map(|event| event.position.0));
        }
        turn += 1;
    }
    seen
}

#[test]
fn servers_on_one_log_work_as_one_also_when_one_of_them_is_killed() {
    let bench = Workbench::new();
    let store = log_url(shared_server(), &fresh_schema_name());
    bench
        .annals(["--store", &store, "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
        .succeeds();
    let [doomed, other] = [(), ()].map(|()| Served::start_with(&bench, &["--store", &store]));
    let servers =
        [&doomed, &other].map(|served| format!("http://{}", served.server.address).parse().unwrap());
    let balancer = Balancer { servers: servers.into() };
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let count = Arc::new(AtomicUsize::new(0));

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let seen = runtime.block_on(async {
        let following: Vec<_> =
            (0..SUBSCRIBERS).map(|number| tokio::spawn(follow(balancer.clone(), number))).collect();
        let writing: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (balancer, acknowledged, count) = (balancer.clone(), acknowledged.clone(), count.clone());
                tokio::spawn(async move {
                    for number in 0..APPENDS_EACH {
                        let (id, append) = event(writer, number);
                        balancer.append(append, writer + number).await;
                        acknowledged.lock().unwrap().insert(id.to_string());
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        while count.load(Ordering::Relaxed) < ALL / 3 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        doomed.kill();
        for writer in writing {
            writer.await.unwrap();
        }
        let mut seen = Vec::new();
        for follower in following {
            seen.push(follower.await.unwrap());
        }
        seen
    });

    for positions in seen {
        assert!(positions.iter().copied().eq(0..positions.len() as u64), "{positions:?}");
    }
    let stored = bench
        .annals(["--store", &store, "events", "--type", "OrderPlaced", "--format", "json"])
        .succeeds()
        .json();
    let stored: Vec<&str> =
        stored.as_array().unwrap().iter().map(|event| event["eventId"].as_str().unwrap()).collect();
    assert_eq!(stored.len(), ALL - 1, "each is recorded once");
    let acknowledged = acknowledged.lock().unwrap();
    assert!(stored.iter().all(|id| acknowledged.contains(*id)));
    let verified = bench.annals(["--store", &store, "verify", "--format", "json"]).succeeds().json();
    assert_eq!((&verified["ok"], &verified["size"]), (&json!(true), &json!(ALL)));
}
