//! What somebody altered who may alter everything is found, in any table.

use annals_store::{
    Append, CheckpointStore, CursorAdvance, CursorValue, DeadLetterStore, EventStore, Findings, Inspection,
    NewDeadLetter, ProofStore, Snapshot, SnapshotKey, SnapshotStore,
};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::shared_server;
use annals_tlog::{LogCheckpoint, SignedCheckpoint, Signer, SigningKey};

use crate::logs::{create, events, options, somebody, stream};

/// Something in every table.
async fn fill(store: &PostgresEventStore) {
    store.append(events("Order/1", 599)).await.unwrap();
    store.append(events("Order/2", 1)).await.unwrap();
    let advance = CursorAdvance {
        name: annals_event::CursorName::new("reader").unwrap(),
        from: None,
        to: CursorValue("1".into()),
    };
    store.append(Append { cursors: vec![advance], ..Append::default() }).await.unwrap();
    let letter = NewDeadLetter {
        source: "file".into(),
        place: "1".into(),
        code: "record-not-json".into(),
        reason: "it is cut off".into(),
        raw: b"{".to_vec(),
    };
    store.keep_dead_letter(letter).await.unwrap();
    let snapshot = Snapshot {
        key: SnapshotKey { stream: stream("Order/1"), reducer: "merge".into() },
        version: annals_event::StreamVersion(600),
        greatest_timestamp: annals_event::Timestamp::UNIX_EPOCH,
        state: annals_event::JsonObject::empty(),
    };
    store.keep_snapshot(snapshot).await.unwrap();
    let (origin, root) = (store.origin().clone(), store.root_at(600).await.unwrap());
    let key = SigningKey::from_seed(origin.clone().into(), &[7; 32]);
    let checkpoint = LogCheckpoint { origin, size: 600, root, extensions: Vec::new() };
    store.keep_checkpoint(&SignedCheckpoint::sign(&checkpoint, &key).unwrap()).await.unwrap();
    store.add_verifier_key(key.verifier_key()).await.unwrap();
}

#[tokio::test]
async fn everything_beside_the_events_that_is_altered_is_named() {
    let options = PostgresOptions { block_len: 256, ..options() };
    let store = create(&options).await;
    fill(&store).await;
    let superuser = somebody(shared_server(), &options).await;
    store.settle().await.unwrap();
    assert_eq!(store.inspect(10).await.unwrap(), Findings::default());
    let without_guard = |table: &str, change: &str| {
        format!(
            "ALTER TABLE {table} DISABLE TRIGGER append_only; {change}; ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only"
        )
    };
    let alterations = [
        ("bookkeeping-altered", "UPDATE cursors SET value = '2'".to_owned()),
        ("bookkeeping-altered", "UPDATE snapshots SET state = '{\"a\":1}'".to_owned()),
        ("bookkeeping-altered", "UPDATE dead_letters SET raw = 'x'".to_owned()),
        ("index-altered", "UPDATE counters SET count = count + 1 WHERE kind = 1".to_owned()),
        ("index-altered", "INSERT INTO counters VALUES (3, 'nobody', 1)".to_owned()),
        ("index-altered", "UPDATE hours SET count = count - 1".to_owned()),
        ("index-altered", "UPDATE streams SET version = 9 WHERE aggregate_id = '1'".to_owned()),
        ("index-altered", "DELETE FROM streams WHERE aggregate_id = '2'".to_owned()),
        ("index-altered", "UPDATE zones SET latest = latest - 1".to_owned()),
        ("index-altered", "DROP INDEX events_256_by_actor".to_owned()),
        ("index-altered", "UPDATE seals SET recorded_from = recorded_from - 1".to_owned()),
        ("index-altered", "INSERT INTO seals VALUES (512, 768, 0)".to_owned()),
        ("head-altered", "UPDATE head SET greatest_id = '00000000-0000-0000-0000-000000000000'".to_owned()),
        ("head-altered", "UPDATE head SET recorded_at = recorded_at + 1".to_owned()),
        ("index-altered", "UPDATE summary SET size = 900".to_owned()),
        ("index-altered", "DELETE FROM summary".to_owned()),
        ("tree-hash-altered", without_guard("subtrees", "DELETE FROM subtrees WHERE n = 0")),
        ("checkpoint-altered", without_guard("checkpoints", "UPDATE checkpoints SET size = 599")),
        ("key-altered", without_guard("verifier_keys", "UPDATE verifier_keys SET vkey = 'x'")),
        ("schema-altered", "ALTER TABLE events_0 DISABLE TRIGGER append_only".to_owned()),
        ("schema-altered", "ALTER TABLE log ENABLE TRIGGER append_only".to_owned()),
        ("schema-altered", "DROP TRIGGER append_only ON checkpoints".to_owned()),
        ("schema-altered", "CREATE TABLE mine (a int)".to_owned()),
        (
            "schema-altered",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
                .to_owned(),
        ),
        ("schema-altered", without_guard("log", "DELETE FROM log")),
        ("head-altered", "UPDATE head SET size = 599".to_owned()),
    ];
    // One upon the other: each must be found beside those before it.
    let mut known = Vec::new();
    for (code, alteration) in alterations {
        superuser.batch_execute(&alteration).await.unwrap();
        let problems = store.inspect(1_000).await.unwrap().problems;
        let new = problems.iter().filter(|problem| !known.contains(*problem));
        let codes: Vec<&str> = new.map(|problem| problem.code).collect();
        assert!(codes.contains(&code), "{alteration}: {codes:?}");
        known = problems;
    }
}
