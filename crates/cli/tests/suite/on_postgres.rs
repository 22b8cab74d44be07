//! The same commands on a log in PostgreSQL.

use annals_test_postgres::{PASSWORD, fresh_schema_name, log_url, shared_server};
use serde_json::{Value, json};

use crate::workbench::{Ran, Workbench, comparable};

const ORDERS: &str = include_str!("../cmd/session.in/orders.jsonl");

/// A folder, and a schema that nobody else has.
struct Place {
    bench: Workbench,
    store: String,
}

impl Place {
    fn new() -> Self {
        let bench = Workbench::new();
        bench.write("orders.jsonl", ORDERS);
        Self { bench, store: log_url(shared_server(), &fresh_schema_name()) }
    }

    fn annals(&self, args: &[&str]) -> Ran {
        self.bench.annals(["--store", &self.store].iter().chain(args))
    }

    fn json(&self, args: &[&str]) -> Value {
        self.annals(&[args, &["--format", "json"]].concat()).succeeds().json()
    }
}

#[test]
fn every_question_has_the_answer_that_it_has_on_sqlite() {
    let (postgres, sqlite) = (Place::new(), Workbench::with_orders());
    postgres.annals(&["import", "orders.jsonl"]).succeeds();
    let order = sqlite.annals(["events", "--format", "json"]).succeeds().json()[0].clone();
    let aggregate =
        format!("{}/{}", order["aggregateType"].as_str().unwrap(), order["aggregateId"].as_str().unwrap());
    let questions: &[&[&str]] = &[
        &["events"],
        &["events", "--reverse", "--limit", "2"],
        &["events", "--aggregate", &aggregate],
        &["aggregates"],
        &["history", &aggregate],
        &["state", &aggregate],
        &["blame", &aggregate],
        &["stats"],
        &["verify"],
    ];
    for question in questions {
        let on_sqlite = sqlite.annals([question, &["--format", "json"][..]].concat()).succeeds().json();
        assert_eq!(comparable(postgres.json(question)), comparable(on_sqlite), "{question:?}");
    }
}

#[test]
fn a_receipt_of_it_is_checked_without_it() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    place.annals(&["receipt", "0", "--output", "a.receipt", "--event", "a.json"]).succeeds();
    let key = place.annals(&["checkpoint", "--vkey"]).succeeds().stdout;
    place.bench.write("log.vkey", key);
    let args = ["verify", "--receipt", "a.receipt", "--event", "a.json", "--vkey", "log.vkey"];
    place.bench.annals(args).succeeds();
}

#[test]
fn each_of_its_logs_has_a_schema_of_its_own() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    place
        .annals(&["--log", "access", "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
        .succeeds();
    assert_eq!(place.json(&["--log", "access", "verify"])["size"], json!(1));
    assert_eq!(place.json(&["verify"])["size"], json!(4));
    place.annals(&["--log", "no-such-log", "events"]).exits(7);
}

#[test]
fn what_only_files_allow_is_refused_with_what_to_do_instead() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    for args in [&["backup", "copy.db"][..], &["repair"]] {
        let refused = place.annals(args).exits(2);
        assert!(refused.stderr.contains("pg_dump"), "{}", refused.stderr);
    }
    let migrated = place.json(&["migrate"]);
    assert_eq!(migrated["from"], migrated["to"], "{migrated}");
}

#[test]
fn a_role_that_was_granted_the_log_appends_and_reads() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    let role = fresh_schema_name();
    place.annals(&["grant", &role]).exits(7);
    let server = shared_server();
    let database = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    database.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.unwrap();
    });
    assert_eq!(place.json(&["grant", &role])["role"], json!(role));
    let store = place.store.replacen("annals@", &format!("{role}@"), 1);
    let service = |args: &[&str]| place.bench.annals(["--store", &store].iter().chain(args));
    service(&["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]).succeeds();
    assert_eq!(place.json(&["verify"])["size"], json!(5));
}

#[test]
fn a_replica_that_is_none_of_the_log_is_refused() {
    let (place, other) = (Place::new(), Place::new());
    place.annals(&["import", "orders.jsonl"]).succeeds();
    other.annals(&["import", "orders.jsonl"]).succeeds();
    // The schema is the store's; the same server may well be its own replica.
    let answer = place.json(&["--replica", shared_server(), "events"]);
    assert_eq!(answer.as_array().map(Vec::len), Some(4));
    place.annals(&["--replica", "annals.db", "events"]).exits(7).tells("not-a-store");
    let nowhere = format!("postgres://ann:{PASSWORD}@127.0.0.1:1/nothing");
    let refused = place.annals(&["--replica", &nowhere, "events"]).exits(7);
    assert!(!refused.stderr.contains(PASSWORD), "{}", refused.stderr);
}

#[test]
fn a_password_is_never_shown() {
    let bench = Workbench::new();
    let store = format!("postgres://ann:{PASSWORD}@127.0.0.1:1/nothing");
    for args in [
        &["events"][..],
        &["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"],
        &["config", "show"],
    ] {
        let ran = bench.annals(["--store", &store].iter().chain(args));
        assert!(
            !ran.stdout.contains(PASSWORD) && !ran.stderr.contains(PASSWORD),
            "{args:?}: {} {}",
            ran.stdout,
            ran.stderr
        );
    }
}
