//! What payloads contain, and the order of their values, is looked up as exactly as it is scanned, whatever is sealed or
//! indexed so far.

use annals_event::{ActorId, JsonObject, JsonPointer, NewEvent, RecordedEvent, json_value};
use annals_store::{
    Append, Comparison, Direction, EventReader, EventStore, PayloadPredicate, Query, QueryItem, ReadOptions,
};
use annals_store_postgres::{ContainsIndex, PostgresEventStore, PostgresOptions};
use annals_test_postgres::shared_server;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::logs::{check_sound, create, numbered, options, somebody};

const NAMES: [&str; 4] = ["a", "b", "0", "1"];

const NUMBERS: [&str; 14] = [
    "0",
    "-0.0",
    "1",
    "1.00",
    "10.5",
    "1.05e1",
    "10.500000000000000000001",
    "-2",
    "1e300",
    "-1e300",
    "3e-310",
    "1e-9000",
    "9007199254740992",
    "9007199254740993",
];

/// Values of few kinds, so that they meet, in arrays and objects.
fn value() -> impl Strategy<Value = String> {
    let long = |end: &str| format!("\"{}{end}\"", "x".repeat(70));
    let texts =
        ["\"\"", "\"a\"", "\"ab\"", "\"b\"", "\"ä\"", "\"\\ud83d\\ude00\"", "\"\u{fffd}\"", "\"10.5\""];
    let texts = texts.map(str::to_owned).into_iter().chain([long("a"), long("b")]).collect::<Vec<_>>();
    let leaf = prop_oneof![
        1 => select(vec!["null".to_owned(), "true".to_owned(), "false".to_owned()]),
        3 => select(NUMBERS.map(str::to_owned).to_vec()),
        3 => select(texts),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let array = prop::collection::vec(inner.clone(), 0..3).prop_map(|of| format!("[{}]", of.join(", ")));
        prop_oneof![array, object(inner)]
    })
}

fn object(member: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let names = prop::sample::subsequence(&NAMES[..], 0..=3);
    (names, prop::collection::vec(member, 3)).prop_map(|(names, members)| {
        let members = names.iter().zip(members).map(|(name, member)| format!("\"{name}\":{member}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

fn demand() -> impl Strategy<Value = PayloadPredicate> {
    let pointer = prop::collection::vec(select(&NAMES[..]), 0..3)
        .prop_map(|steps| steps.iter().map(|step| format!("/{step}")).collect::<String>());
    let comparison = select(vec!["=", "<", "<=", ">", ">=", "contains", "contains", "contains", "!="]);
    let out_of_range =
        prop_oneof![19 => value(), 1 => select(vec!["1e400".to_owned(), "1e-20000".to_owned()])];
    (pointer, comparison, out_of_range).prop_map(|(pointer, comparison, value)| PayloadPredicate {
        pointer: pointer.parse::<JsonPointer>().unwrap(),
        comparison: comparison.parse::<Comparison>().unwrap(),
        value: json_value(&value).unwrap(),
    })
}

/// A question with one demand, or two on one value, and sometimes something else.
fn question() -> impl Strategy<Value = QueryItem> {
    let second = prop::option::weighted(0.3, (select(vec!["<", "<=", "contains"]), value()));
    (demand(), second, prop::bool::weighted(0.2)).prop_map(|(demand, second, by_actor)| {
        let second = second.map(|(comparison, value)| PayloadPredicate {
            pointer: demand.pointer.clone(),
            comparison: comparison.parse().unwrap(),
            value: json_value(&value).unwrap(),
        });
        let actor_id = by_actor.then(|| ActorId::new("actor-1").unwrap());
        QueryItem { payload: [demand].into_iter().chain(second).collect(), actor_id, ..QueryItem::default() }
    })
}

fn sample<T: std::fmt::Debug>(of: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    of.new_tree(runner).unwrap().current()
}

async fn fill(store: &PostgresEventStore, count: u128, runner: &mut TestRunner) {
    let before = u128::from(store.head().await.unwrap().size);
    let payload = object(value());
    let event = |id: u128| NewEvent {
        payload: JsonObject::new(sample(&payload, runner)).unwrap(),
        actor_id: Some(ActorId::new(format!("actor-{}", id % 3)).unwrap()),
        ..numbered(id, "Order/1")
    };
    let events = (before..before + count).map(event).collect();
    store.append(Append { events, ..Append::default() }).await.unwrap();
}

async fn answer(store: &PostgresEventStore, query: Query, direction: Direction) -> Vec<RecordedEvent> {
    let mut reader = EventReader::new(store, query, ReadOptions { direction, ..ReadOptions::default() });
    let mut answer = Vec::new();
    while let Some(events) = reader.next_page().await.unwrap() {
        answer.extend(events);
    }
    answer
}

/// Asks many questions, each of which has the answer that follows from all events, and says how many had one that is
/// not empty.
async fn check_answers(store: &PostgresEventStore, count: usize, runner: &mut TestRunner) -> usize {
    let all = answer(store, Query::all(), Direction::Forwards).await;
    let mut answered = 0;
    for _ in 0..count {
        let query = Query::from(sample(&question(), runner));
        let expected: Vec<u64> =
            all.iter().filter(|event| query.matches(event)).map(|event| event.position.0).collect();
        for direction in [Direction::Forwards, Direction::Backwards] {
            let found = answer(store, query.clone(), direction).await;
            let mut found: Vec<u64> = found.iter().map(|event| event.position.0).collect();
            if direction == Direction::Backwards {
                found.reverse();
            }
            assert_eq!(found, expected, "{query:?} {direction:?}");
        }
        answered += usize::from(!expected.is_empty());
    }
    answered
}

fn paths() -> Vec<JsonPointer> {
    ["/a", "/a/b", "/b/0"].map(|path| path.parse().unwrap()).into()
}

async fn indexes(client: &tokio_postgres::Client, like: &str) -> i64 {
    let statement =
        "SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE $1";
    client.query_one(statement, &[&like]).await.unwrap().get(0)
}

#[tokio::test]
async fn what_is_looked_up_is_what_is_there_whatever_is_sealed() {
    let mut runner = TestRunner::deterministic();
    let options = PostgresOptions {
        block_len: 64,
        payload_paths: paths(),
        contains_index: ContainsIndex::Sealed,
        ..options()
    };
    let store = create(&options).await;
    let mut answered = 0;
    for count in [40, 100, 300] {
        fill(&store, count, &mut runner).await;
        answered += check_answers(&store, 40, &mut runner).await;
        store.settle().await.unwrap();
        answered += check_answers(&store, 150, &mut runner).await;
    }
    assert!(answered > 60, "{answered}");
    let client = somebody(shared_server(), &options).await;
    assert_eq!(indexes(&client, "%\\_by\\_content").await, 6);
    assert_eq!(indexes(&client, "%\\_by\\_order\\_%").await, 18);
    check_sound(&store).await;
}

#[tokio::test]
async fn contents_may_be_indexed_at_any_time() {
    let mut runner = TestRunner::deterministic();
    let options = PostgresOptions { block_len: 64, ..options() };
    let store = create(&options).await;
    fill(&store, 300, &mut runner).await;
    store.settle().await.unwrap();
    check_answers(&store, 30, &mut runner).await;
    store.close().await.unwrap();
    let client = somebody(shared_server(), &options).await;
    assert_eq!(indexes(&client, "%\\_by\\_content").await, 0);

    let wanting =
        PostgresOptions { contains_index: ContainsIndex::All, payload_paths: paths(), ..options.clone() };
    let store = create(&wanting).await;
    check_answers(&store, 30, &mut runner).await;
    store.settle().await.unwrap();
    // Four blocks are sealed; the fifth was written without, and a sixth waits to be written.
    assert_eq!(indexes(&client, "%\\_by\\_content").await, 5);
    check_answers(&store, 60, &mut runner).await;
    fill(&store, 70, &mut runner).await;
    check_answers(&store, 60, &mut runner).await;
    store.close().await.unwrap();

    // Whoever wants nothing by itself keeps up what others want, and one that is lost is built again.
    client.batch_execute("DROP INDEX events_64_by_content; DROP INDEX events_128_by_order_2").await.unwrap();
    let store = create(&options).await;
    check_answers(&store, 60, &mut runner).await;
    store.settle().await.unwrap();
    assert_eq!(indexes(&client, "%\\_by\\_content").await, 7);
    assert_eq!(indexes(&client, "%\\_by\\_order\\_%").await, 15);
    check_answers(&store, 60, &mut runner).await;
    check_sound(&store).await;
}
