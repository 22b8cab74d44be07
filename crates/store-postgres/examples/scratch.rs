use annals_event::*;
use annals_store::*;
use annals_store_postgres::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut a = std::env::args().skip(1);
    let url = a.next().unwrap();
    let work = a.next().unwrap();
    let base: u32 = a.next().unwrap().parse().unwrap();
    let options = PostgresOptions::new(url.parse().unwrap());
    let store = Arc::new(PostgresEventStore::create_or_open(options).await.unwrap());
    let payload = format!("{{\"orderId\":\"order_456\",\"text\":\"{}\"}}", "x".repeat(350));
    let metadata = format!("{{\"correlationId\":\"c-{base}\",\"text\":\"{}\"}}", "y".repeat(115));
    let event = move |s: &str| {
        let e = NewEvent::new(
            s.parse().unwrap(),
            EventType::new("OrderPlaced").unwrap(),
            JsonObject::new(payload.clone()).unwrap(),
        );
        NewEvent { metadata: JsonObject::new(metadata.clone()).unwrap(), ..e }
    };
    let event = Arc::new(event);
    let start = Instant::now();
    if work == "w3" {
        let n = 200_000u32;
        let mut done = 0;
        let mut tasks = std::collections::VecDeque::new();
        while done < n {
            let batch: Vec<_> =
                (0..10_000).map(|i| event(&format!("Order/{}", (done + i) % 20_000))).collect();
            done += 10_000;
            let store = store.clone();
            tasks.push_back(tokio::spawn(async move {
                store.append(Append { events: batch, ..Append::default() }).await.unwrap();
            }));
            if tasks.len() > 2 {
                tasks.pop_front().unwrap().await.unwrap();
            }
        }
        for t in tasks {
            t.await.unwrap();
        }
        println!("w3 {:.0} events/s", n as f64 / start.elapsed().as_secs_f64());
        let t = Instant::now();
        let mut r = EventReader::new(
            &*store,
            Query::all(),
            ReadOptions { limit: Some(100_000), ..Default::default() },
        );
        let mut k = 0;
        while let Some(p) = r.next_page().await.unwrap() {
            k += p.len();
        }
        println!("read all {:.0} events/s ({k})", k as f64 / t.elapsed().as_secs_f64());
        return;
    }
    let clients: u32 = a.next().unwrap().parse().unwrap();
    let mut tasks = vec![];
    for c in 0..clients {
        let (store, event) = (store.clone(), event.clone());
        tasks.push(tokio::spawn(async move {
            let stream: StreamName = format!("Client/{base}-{c}").parse().unwrap();
            let mut v = ExpectedVersion::NoStream;
            let mut n = 0u64;
            let mut max = Duration::ZERO;
            while start.elapsed() < Duration::from_secs(5) {
                let t = Instant::now();
                let a = store
                    .append(Append::event(event(&stream.to_string())).expecting(stream.clone(), v))
                    .await
                    .unwrap();
                max = max.max(t.elapsed());
                v = ExpectedVersion::Exactly(a.events[0].version);
                n += 1;
            }
            (n, max)
        }));
    }
    let mut n = 0;
    let mut max = Duration::ZERO;
    for t in tasks {
        let r = t.await.unwrap();
        n += r.0;
        max = max.max(r.1);
    }
    println!("{work} {:.0} appends/s, slowest {max:?}", n as f64 / start.elapsed().as_secs_f64());
}
