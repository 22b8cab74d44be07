//! Connections are cut at every moment of an append.

use annals_event::{EventType, JsonObject, NewEvent};
use annals_store::EventStore;
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::Cluster;

use crate::logs::{check_sound, create, numbered, options_at, stream};
use crate::proxy::{Proxy, Way};

/// Bytes between two cuts.
const STEP: i64 = 41;

/// Longer conversations than this has no append of the tests.
const BYTES_MAX: i64 = 20_000;

async fn behind_proxy(server: &Cluster) -> (Proxy, PostgresEventStore, PostgresOptions) {
    let url = server.tcp_url();
    let (before, rest) = url.split_once("127.0.0.1:").unwrap();
    let (port, rest) = rest.split_once('/').unwrap();
    let proxy = Proxy::before(port.parse().unwrap()).await;
    let options = options_at(&format!("{before}127.0.0.1:{}/{rest}", proxy.port));
    let store = create(&options).await;
    (proxy, store, options)
}

/// Appends, with a cut after more and more bytes, until an append is over before the cut.
async fn cut_everywhere(way: Way, event: impl Fn(u128) -> NewEvent) {
    let server = Cluster::start();
    let (proxy, store, _) = behind_proxy(&server).await;
    store.append(event(u128::MAX).into()).await.unwrap();
    let mut appended = 1;
    for bytes in (0..BYTES_MAX).step_by(STEP as usize) {
        proxy.cut_after(way, bytes);
        let answer = store.append(event(bytes as u128).into()).await.unwrap();
        appended += 1;
        assert!(!answer.repeated, "it was sent once, and cut after {bytes} bytes");
        assert_eq!(answer.events[0].position.0, appended - 1, "cut after {bytes} bytes");
        if proxy.disarm() && bytes > 400 {
            assert_eq!(check_sound(&store).await.len() as u64, appended);
            return;
        }
    }
    panic!("an append is never over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_whose_request_is_cut_anywhere_is_recorded_once() {
    cut_everywhere(Way::ToServer, |id| numbered(id, "Order/1")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_whose_answer_is_cut_anywhere_is_recorded_once() {
    cut_everywhere(Way::ToClient, |id| numbered(id, "Order/1")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_that_the_store_makes_are_found_again_as_well() {
    let unnumbered =
        |_| NewEvent::new(stream("Order/1"), EventType::new("Placed").unwrap(), JsonObject::empty());
    cut_everywhere(Way::ToClient, unnumbered).await;
}
