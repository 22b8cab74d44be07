//! Queries: the indexes of the SQLite store find exactly the events that `Query::matches`.

use annals_event::{
    ActorId, AggregateId, AggregateType, EventType, JsonObject, NewEvent, RecordedEvent, StreamName, Tag,
    Tags, Timestamp,
};
use annals_store::{
    Append, Direction, EventStore, PageRequest, PayloadPredicate, Query, QueryItem, TimeRange,
};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use tempfile::TempDir;

use crate::choices::Choices;

const IDS: [&str; 3] = ["1", "2", "ü"];
const TYPES: [&str; 3] = ["Placed", "Paid", "Sent"];
const AGGREGATES: [&str; 2] = ["Order", "Cart"];
const OTHERS: [&str; 3] = ["a", "b", "b\"\\"];

/// Pointers of predicates; the first three are indexed.
const POINTERS: [&str; 6] = ["/n", "/a/b", "/list/0", "", "/a", "/x~1y"];
const INDEXED: usize = 3;
const COMPARISONS: [&str; 8] = ["=", "!=", "<", "<=", ">", ">=", "exists", "contains"];

/// Values of `n`, `a` and the first of `list`, and what they are compared with.
const VALUES: [&str; 20] = [
    "null",
    "true",
    "0",
    "-0.0",
    "1",
    "1.0",
    "1e0",
    "-1.5",
    "1e300",
    "9007199254740993",
    "9007199254740992",
    "\"\"",
    "\"1\"",
    "\"a\"",
    "\"ä\\u0001\"",
    "[]",
    "[1,\"a\"]",
    "{}",
    "{\"b\":1}",
    "{\"$serde_json::private::Number\":\"1\"}",
];

/// Events in the log.
const EVENTS: usize = 60;

thread_local! {
    static LOG: Log = Log::new();
}

pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let direction = if choices.coin() { Direction::Backwards } else { Direction::Forwards };
    let items = (0..choices.byte() % 3).map(|_| item(&mut choices)).collect();
    LOG.with(|log| log.check(&Query { items }, direction));
}

/// A log and all that it holds.
struct Log {
    store: SqliteEventStore,
    events: Vec<RecordedEvent>,
    _folder: TempDir,
}

impl Log {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let payload_paths = POINTERS[..INDEXED].iter().map(|path| path.parse().expect("a pointer")).collect();
        let options = SqliteOptions { payload_paths, ..SqliteOptions::default() };
        let store = SqliteEventStore::create_or_open(&folder.path().join("annals.db"), options);
        let store = store.expect("a new store");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        for number in 0..EVENTS {
            runtime.block_on(store.append(Append::event(event(number)))).expect("it can be stored");
        }
        let page = store.read_page_blocking(&Query::all(), page(Direction::Forwards));
        let events = page.expect("it can be read").events;
        assert_eq!(events.len(), EVENTS);
        Self { store, events, _folder: folder }
    }

    fn check(&self, query: &Query, direction: Direction) {
        let answer = self.store.read_page_blocking(query, page(direction)).expect("it can be read");
        let mut found: Vec<u64> = answer.events.iter().map(|event| event.position.0).collect();
        if direction == Direction::Backwards {
            found.reverse();
        }
        let expected = self.events.iter().filter(|event| query.matches(event));
        let expected: Vec<u64> = expected.map(|event| event.position.0).collect();
        assert_eq!(found, expected, "{query:?}");
    }
}

fn page(direction: Direction) -> PageRequest {
    PageRequest { direction, ..PageRequest::default() }
}

/// The events differ in everything that can be asked for.
fn event(number: usize) -> NewEvent {
    let pick = |options: &'static [&'static str], step: usize| options[number / step % options.len()];
    let name = "the vocabulary is valid";
    let (n, a, first) = (pick(&VALUES, 1), pick(&VALUES, 3), pick(&VALUES, 7));
    let payload = format!(r#"{{"n":{n},"a":{{"b":{a}}},"list":[{first}],"x/y":{n}}}"#);
    let stream = StreamName::new(pick(&AGGREGATES, 1), pick(&IDS, 2)).expect(name);
    let event_type = EventType::new(pick(&TYPES, 3)).expect(name);
    let mut event = NewEvent::new(stream, event_type, JsonObject::new(payload).expect(name));
    let mut correlation = String::new();
    annals_event::write_json_string(&mut correlation, pick(&OTHERS, 4));
    event.metadata = JsonObject::new(format!(r#"{{"correlationId":{correlation}}}"#)).expect(name);
    event.actor_id = Some(ActorId::new(pick(&OTHERS, 5)).expect(name));
    let tags = OTHERS.iter().take(number % 4).map(|tag| Tag::new(tag).expect(name));
    event.tags = tags.collect::<Tags>();
    event.timestamp = Some(moment(number as u8 % 17));
    event
}

fn moment(hours: u8) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + i64::from(hours) * 3_600_000_000).expect("a time")
}

fn item(choices: &mut Choices<'_>) -> QueryItem {
    let mut item = QueryItem::default();
    let name = "the vocabulary is valid";
    for _ in 0..choices.byte() % 4 {
        match choices.byte() % 9 {
            0 => item.event_types.push(EventType::new(choices.one_of(&TYPES)).expect(name)),
            1 => {
                let stream = StreamName::new(choices.one_of(&AGGREGATES), choices.one_of(&IDS));
                item.streams.push(stream.expect(name));
            }
            2 => item.aggregate_type = AggregateType::new(choices.one_of(&AGGREGATES)).ok(),
            3 => item.aggregate_id = AggregateId::new(choices.one_of(&IDS)).ok(),
            4 => item.tags.push(Tag::new(choices.one_of(&OTHERS)).expect(name)),
            5 => item.actor_id = ActorId::new(choices.one_of(&OTHERS)).ok(),
            6 => item.correlation_id = Some((*choices.one_of(&OTHERS)).to_owned()),
            7 => item.timestamp = TimeRange { from: time(choices), to: time(choices) },
            _ => item.payload.extend(predicate(choices)),
        }
    }
    item
}

fn time(choices: &mut Choices<'_>) -> Option<Timestamp> {
    choices.coin().then(|| moment(choices.byte() % 17))
}

fn predicate(choices: &mut Choices<'_>) -> Option<PayloadPredicate> {
    let (pointer, comparison) = (choices.one_of(&POINTERS), choices.one_of(&COMPARISONS));
    let value = if choices.coin() {
        let length = choices.byte();
        String::from_utf8_lossy(choices.bytes(length.into())).into_owned()
    } else {
        (*choices.one_of(&VALUES)).to_owned()
    };
    let value = if *comparison == "exists" { String::new() } else { value };
    format!("{pointer} {comparison} {value}").parse().ok()
}
