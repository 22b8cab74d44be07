//! The same commands on a log behind a server.

use std::fs;

use serde_json::{Value, json};

use crate::serving::Served;
use crate::workbench::{Ran, Workbench, comparable};

const SECRET: &str = "a secret that has at least thirty-two bytes";

/// A server, and a folder of somebody who has nothing but its address.
struct Place {
    servers: Workbench,
    served: Served,
    own: Workbench,
}

impl Place {
    fn new() -> Self {
        Self::of(Workbench::new())
    }

    fn guarded() -> Self {
        let bench = Workbench::new();
        bench.write("secret", SECRET);
        bench.write("annals.toml", "auth.secret_file = 'secret'\n");
        Self::of(bench)
    }

    fn of(servers: Workbench) -> Self {
        let served = Served::start(&servers);
        let own = Workbench::new();
        own.write("orders.jsonl", include_str!("../cmd/session.in/orders.jsonl"));
        Self { servers, served, own }
    }

    fn store(&self) -> String {
        format!("http://{}", self.served.server.address)
    }

    fn annals(&self, args: &[&str]) -> Ran {
        self.own.annals(["--store", &self.store()].iter().chain(args))
    }

    fn with_token(&self, role: &str, args: &[&str]) -> Ran {
        let token = self.servers.annals(["token", "maria", "--role", role]).succeeds().stdout;
        let mut command = self.own.command(["--store", &self.store()].iter().chain(args));
        command.env("ANNALS_TOKEN", token);
        Ran::from(command.output().unwrap())
    }

    fn json(&self, args: &[&str]) -> Value {
        self.annals(&[args, &["--format", "json"]].concat()).succeeds().json()
    }
}

#[test]
fn every_question_has_the_answer_that_it_has_beside_the_store() {
    let (place, sqlite) = (Place::new(), Workbench::with_orders());
    place.annals(&["import", "orders.jsonl"]).succeeds();
    let order = sqlite.annals(["events", "--format", "json"]).succeeds().json()[0].clone();
    let aggregate =
        format!("{}/{}", order["aggregateType"].as_str().unwrap(), order["aggregateId"].as_str().unwrap());
    let questions: &[&[&str]] = &[
        &["events"],
        &["events", "--reverse", "--limit", "2"],
        &["events", "--offset", "1", "--limit", "2"],
        &["events", "--aggregate", &aggregate],
        &["show", "2"],
        &["aggregates"],
        &["history", &aggregate],
        &["state", &aggregate],
        &["blame", &aggregate],
        &["stats"],
    ];
    for question in questions {
        let on_sqlite = sqlite.annals([question, &["--format", "json"][..]].concat()).succeeds().json();
        assert_eq!(comparable(place.json(question)), comparable(on_sqlite), "{question:?}");
    }
    // Its own process reads the same log, whose writer the server is.
    let there = place.servers.annals(["events", "--format", "json"]).succeeds().json();
    assert_eq!(place.json(&["events"]), there);
}

#[test]
fn appends_keep_their_bytes_and_conflicts_are_what_they_are_beside_the_store() {
    let place = Place::new();
    let append =
        ["append", "--type", "T", "--aggregate", "A/1", "--payload", "{ \"n\" :\n1.10 }", "--expect", "none"];
    place.annals(&append).succeeds();
    place.annals(&append).exits(4).tells("wrong-expected-version");
    let event = place.json(&["show", "0"]);
    let there = place.servers.annals(["show", "0", "--format", "json", "--raw"]).succeeds().json();
    assert_eq!(there["payloadText"], "{ \"n\" :\n1.10 }");
    assert_eq!((event["payload"]["n"].to_string().as_str(), &event["eventId"]), ("1.10", &there["eventId"]));
    place.annals(&["append", "--type", "", "--aggregate", "A/1", "--payload", "{}"]).exits(2);
    place.annals(&["--log", "no-such-log", "events"]).exits(5).tells("not-found");
}

#[test]
fn an_import_that_is_repeated_records_nothing_twice() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    assert_eq!(place.json(&["stats"])["events"], 4);
}

#[test]
fn whoever_has_the_key_verifies_the_tiles_without_a_token() {
    let place = Place::guarded();
    place.with_token("admin", &["import", "orders.jsonl"]).succeeds();
    place.annals(&["events"]).exits(7).tells("sign-in-needed");
    place
        .with_token("auditor", &["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
        .tells("forbidden");

    let key = place.with_token("auditor", &["checkpoint", "--vkey"]).succeeds().stdout;
    place.own.write("log.vkey", key);
    let checkpoint = place.with_token("auditor", &["checkpoint"]).succeeds().stdout;
    place.own.write("kept.checkpoint", checkpoint);
    let verified = place.json(&["verify", "--vkey", "log.vkey", "--checkpoint", "kept.checkpoint"]);
    assert_eq!(
        (&verified["ok"], &verified["events"], &verified["checkpoints"]),
        (&json!(true), &json!(4), &json!(2))
    );
    place.annals(&["verify"]).exits(7).tells("sign-in-needed");

    place.with_token("auditor", &["receipt", "0", "--output", "a.receipt", "--event", "a.json"]).succeeds();
    let args = ["verify", "--receipt", "a.receipt", "--event", "a.json", "--vkey", "log.vkey"];
    place.own.annals(args).succeeds();
}

#[test]
fn another_key_and_another_checkpoint_are_noticed() {
    let (place, other) = (Place::new(), Place::new());
    for place in [&place, &other] {
        place.annals(&["import", "orders.jsonl"]).succeeds();
        let (key, checkpoint) = (place.annals(&["checkpoint", "--vkey"]), place.annals(&["checkpoint"]));
        place.own.write("log.vkey", key.succeeds().stdout);
        place.own.write("kept.checkpoint", checkpoint.succeeds().stdout);
    }
    let (key, checkpoint) = (other.own.path("log.vkey"), other.own.path("kept.checkpoint"));
    let args = ["verify", "--vkey", key.to_str().unwrap()];
    place.annals(&args).exits(6).tells("verification-failed");
    let args = ["verify", "--vkey", "log.vkey", "--checkpoint", checkpoint.to_str().unwrap()];
    place.annals(&args).exits(6).tells("verification-failed");
}

#[test]
fn an_export_is_the_one_that_is_made_beside_the_store() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    place.annals(&["export", "--no-manifest", "--output", "here.jsonl"]).succeeds();
    place.servers.annals(["export", "--no-manifest", "--output", "there.jsonl"]).succeeds();
    let there = fs::read_to_string(place.servers.path("there.jsonl")).unwrap();
    assert_eq!(place.own.read("here.jsonl"), there);
    place.annals(&["export", "--output", "signed.jsonl"]).exits(2).tells("not-over-http");
}

#[test]
fn new_events_are_followed() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    let store = place.store();
    let mut following = place.own.spawn(["--store", &store, "tail", "--after", "3", "--format", "jsonl"]);
    place.annals(&["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]).succeeds();
    let mut line = String::new();
    let told = following.0.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(told), &mut line).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["position"], 4, "{line}");
}

#[test]
fn what_needs_the_store_itself_is_refused_and_where_nobody_serves_is_told() {
    let place = Place::new();
    place.annals(&["import", "orders.jsonl"]).succeeds();
    for args in [&["key", "show"][..], &["snapshots"], &["migrate"], &["tiles", "--output", "tiles"]] {
        place.annals(args).exits(2).tells("not-over-http");
    }
    place.annals(&["backup", "copy.db"]).exits(2).tells("usage");
    let nowhere =
        place.own.annals(["--store", "http://127.0.0.1:1", "events"]).exits(7).tells("store-unavailable");
    assert!(nowhere.stderr.contains("http://127.0.0.1:1"), "{}", nowhere.stderr);
    place.own.annals(["--store", "http://audit.example.com", "events"]).exits(2);
}
