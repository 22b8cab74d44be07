//! The logs that are asked, and the rules by which they are read.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use annals_event::{AggregateType, EventType, JsonObject, NewEvent, StreamName, Timestamp};
use annals_history::{History, JqOptions, JqReducer, Reducer, Rules};
use annals_jq::WorkerCommand;
use annals_store::{Append, EventReader, EventStore, Query, ReadOptions};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A reducer as people write them.
const PROGRAM: &str = ".event.payload as $p | .state
    | .total = $p.total | .customer = $p.customer.name | .events += 1 | .items = ($p.items | length)";

/// The only argument of a process that runs jq programs.
pub(crate) const WORKER: &str = "--jq-worker";

/// So many events are appended at a time.
pub(crate) const APPEND: usize = 10_000;

pub(crate) fn create(folder: &Path) -> Outcome<Arc<SqliteEventStore>> {
    Ok(Arc::new(SqliteEventStore::create_or_open(&folder.join("annals.db"), SqliteOptions::default())?))
}

/// Appends events to streams, each with its number.
pub(crate) async fn fill(store: &SqliteEventStore, events: &[(StreamName, u64)]) -> Outcome<()> {
    for chunk in events.chunks(APPEND) {
        let events = chunk.iter().map(|(stream, number)| event(stream, *number)).collect::<Outcome<_>>()?;
        store.append(Append { events, ..Append::default() }).await?;
    }
    // The index is done with what was appended.
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(())
}

/// A history that knows no answer yet.
pub(crate) fn history(store: &Arc<SqliteEventStore>, rules: Rules) -> History {
    let itself = std::env::current_exe().expect("a program knows where it lies");
    History::new(store.clone(), rules, JqOptions::new(WorkerCommand::new(itself, [WORKER])))
}

/// Rules by which aggregates of a type are folded by a program.
pub(crate) fn jq(aggregate_type: &AggregateType) -> Outcome<Rules> {
    let reducer = Reducer::Jq(JqReducer::compile("bench.jq", PROGRAM)?);
    Ok(Rules::default().with_reducer(aggregate_type.clone(), reducer))
}

/// How many events match.
pub(crate) async fn read(store: &SqliteEventStore, query: Query) -> Outcome<u64> {
    let mut reader = EventReader::new(store, query, ReadOptions::default());
    let mut count = 0;
    while let Some(events) = reader.next_page().await? {
        count += events.len() as u64;
    }
    Ok(count)
}

/// An event as a shop would record it, of about 550 bytes.
pub(crate) fn event(stream: &StreamName, number: u64) -> Outcome<NewEvent> {
    let (sku, total) = (number * 7_919 % 99_991, number * 104_729 % 999_983);
    let payload = format!(
        r#"{{"orderId":"{stream}","invoice":"R-{number:08}","customer":{{"id":{},"name":"Customer {}","city":"Rotterdam"}},"items":[{{"sku":"SKU-{sku:05}","quantity":2,"price":{}.50}},{{"sku":"SKU-{:05}","quantity":1,"price":{}.25}}],"total":{total}.99,"currency":"EUR","delivery":{{"method":"parcel","address":"Weena 505, 3013 AL Rotterdam","note":"Please ring twice, or leave it with the neighbours below"}}}}"#,
        number % 97,
        number % 97,
        sku / 10,
        sku / 2,
        sku / 3,
    );
    let metadata = format!(
        r#"{{"correlationId":"0192f0c1-7b3e-7c4a-9d52-{number:012}","causationId":"0192f0c1-7b3e-7c4a-9d52-{number:012}","userId":"user_789","source":"orders"}}"#
    );
    let event = NewEvent::new(stream.clone(), EventType::new("OrderChanged")?, JsonObject::new(payload)?);
    let timestamp = Some(Timestamp::from_micros(1_767_225_600_000_000 + i64::try_from(number)? * 20_000)?);
    Ok(NewEvent { metadata: JsonObject::new(metadata)?, timestamp, ..event })
}
