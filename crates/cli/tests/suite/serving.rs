use std::io::{BufRead, BufReader};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::Server;
use crate::workbench::{Running, Workbench};

/// A server that was started, and what it says on standard error.
pub(crate) struct Served {
    running: Running,
    pub(crate) server: Server,
    said: BufReader<std::process::ChildStderr>,
}

impl Served {
    /// Starts a server on a port that is free, and waits until it serves.
    pub(crate) fn start(bench: &Workbench) -> Self {
        Self::start_with(bench, &[])
    }

    /// The same with more said to it.
    pub(crate) fn start_with(bench: &Workbench, args: &[&str]) -> Self {
        let mut running = bench.spawn(["serve", "--listen", "127.0.0.1:0"].iter().chain(args));
        let mut said = BufReader::new(running.0.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("serving ") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended");
        }
        let (_, address) = line.split_once(" at ").unwrap();
        Self { server: Server::at(address), running, said }
    }

    /// The next line that it says.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.said.read_line(&mut line).unwrap(), 0, "it ended");
        line
    }

    /// Waits until it says something; the whole line.
    #[cfg(unix)]
    pub(crate) fn says(&mut self, what: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(what) {
                return line;
            }
        }
    }

    #[cfg(unix)]
    pub(crate) fn is_told(&self, signal: rustix::process::Signal) {
        self.running.is_told(signal);
    }

    /// Ends it as an operator does; what it said at last.
    #[cfg(unix)]
    pub(crate) fn stop(self) -> String {
        self.running.is_told(rustix::process::Signal::TERM);
        self.stopped()
    }

    /// Waits until it has ended by itself; what it said at last.
    #[cfg(unix)]
    pub(crate) fn stopped(mut self) -> String {
        assert!(self.running.0.wait().unwrap().success());
        let mut last = String::new();
        std::io::Read::read_to_string(&mut self.said, &mut last).unwrap();
        last
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        self.running.0.kill().unwrap();
        self.running.0.wait().unwrap();
        drop(self.said);
    }
}

fn event(aggregate: usize) -> String {
    json!({"eventType": "T", "aggregate": format!("A/{aggregate}"), "payload": {}}).to_string()
}

#[test]
#[cfg(unix)]
fn what_is_appended_over_http_is_what_other_commands_read_and_is_signed_at_the_end() {
    let bench = Workbench::new();
    let served = Served::start(&bench);
    let appended = served.server.append(&event(1)).unwrap().is(201).json();
    let read = served.server.get("/v1/events").is(200).json();
    let printed = bench.annals(["events", "--format", "json"]).succeeds().json();
    assert_eq!(read["items"], printed);
    assert_eq!(appended["events"][0]["eventId"], printed[0]["eventId"]);

    assert!(served.stop().contains("stopped"));
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!((&verified["events"], &verified["unsignedTail"]), (&json!(1), &json!(0)));
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let bench = Workbench::new();
    let served = Served::start(&bench);
    let server = served.server.clone();
    let is_over = AtomicBool::new(false);
    let acknowledged: Vec<Value> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let (server, is_over) = (&server, &is_over);
                scope.spawn(move || {
                    let mut acknowledged = Vec::new();
                    while !is_over.load(Ordering::Relaxed) {
                        let Some(answer) = server.append(&event(client)) else { break };
                        acknowledged.push(answer.is(201).json()["events"][0]["eventId"].clone());
                    }
                    acknowledged
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(1_500));
        served.kill();
        is_over.store(true, Ordering::Relaxed);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    assert!(acknowledged.len() > 50, "{} appends", acknowledged.len());

    let again = Served::start(&bench);
    for id in &acknowledged {
        again.server.get(&format!("/v1/events/{}", id.as_str().unwrap())).is(200);
    }
    // The writer is another process, and the log verifies beside it.
    bench.annals(["verify"]).succeeds();
    again.server.append(&event(9)).unwrap().is(201);
}

#[test]
fn without_a_key_it_listens_on_this_machine_only_and_says_so() {
    let bench = Workbench::new();
    let refused = bench.annals(["serve", "--listen", "0.0.0.0:0"]).exits(2).tells("key-needed");
    assert!(refused.stderr.contains("0.0.0.0:0"), "{}", refused.stderr);
    assert!(!bench.path("annals.db").exists());

    let mut served = Served::start(&bench);
    let mut line = String::new();
    served.said.read_line(&mut line).unwrap();
    assert!(line.contains("no key is configured"), "{line}");
}

#[test]
fn a_token_lets_in_whoever_has_it_and_nobody_else() {
    let bench = Workbench::new();
    bench.write("secret", "a secret that has at least thirty-two bytes");
    bench.write("annals.toml", "auth.secret_file = 'secret'\n");
    let served = Served::start(&bench);
    served.server.get("/v1/events").is(401);

    let token = |args: &[&str]| {
        let args = ["token", "maria"].iter().chain(args);
        served.server.with_token(&bench.annals(args).succeeds().stdout)
    };
    token(&["--role", "auditor"]).get("/v1/events").is(200);
    token(&["--role", "auditor"]).append(&event(1)).unwrap().is(403);
    token(&["--role", "writer", "--for", "15m"]).append(&event(1)).unwrap().is(201);
    let printed = bench.annals(["events", "--format", "json"]).succeeds().json();
    assert_eq!(printed[0]["actorId"], "maria");
    served.server.with_token("nonsense").get("/v1/events").is(401);
}

#[test]
fn a_token_needs_a_secret_that_nobody_guesses() {
    let bench = Workbench::new();
    let args = ["token", "maria", "--role", "admin"];
    bench.annals(args).exits(2).tells("usage");
    bench.write("secret", "too short");
    bench.write("annals.toml", "auth.secret_file = 'secret'\n");
    let refused = bench.annals(args).exits(2).tells("auth-misconfigured");
    assert!(!refused.stderr.contains("too short"), "{}", refused.stderr);
    bench.annals(["serve"]).exits(2).tells("auth-misconfigured");
    bench.annals(["token", "maria", "--role", "king"]).exits(2).tells("usage");
}

#[test]
fn two_kinds_of_keys_are_one_too_many() {
    let bench = Workbench::new();
    bench.write("secret", "a secret that has at least thirty-two bytes");
    bench.write("annals.toml", "[auth]\nsecret_file = 'secret'\njwks_url = 'https://id.example.com/keys'\n");
    let refused = bench.annals(["serve"]).exits(2).tells("usage");
    assert!(refused.stderr.contains("auth.jwks_url"), "{}", refused.stderr);
}

#[test]
fn where_something_listens_already_it_does_not_start_and_opens_no_log() {
    let bench = Workbench::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    bench.annals(["serve", "--listen", &address]).exits(2).tells("address-unavailable");
    assert!(!bench.path("annals.db").exists());
}

#[test]
fn every_log_that_is_configured_is_served() {
    let bench = Workbench::new();
    bench.write("annals.toml", "server.logs = ['main', 'books']\n");
    let served = Served::start(&bench);
    served.server.append(&event(1)).unwrap().is(201);
    let read = |path: &str| served.server.get(path).is(200).json()["items"].as_array().unwrap().len();
    assert_eq!((read("/v1/events"), read("/v1/logs/main/events"), read("/v1/logs/books/events")), (1, 1, 0));
    bench.annals(["events", "--log", "books"]).succeeds();
}

/// What stands in the log of accesses, once it is something.
fn accesses(server: &Server) -> Value {
    let begun = std::time::Instant::now();
    loop {
        let read = server.get("/v1/logs/access/events").is(200).json();
        if !read["items"].as_array().unwrap().is_empty() {
            return read["items"].clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing is recorded");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[cfg(unix)]
fn who_asks_what_is_recorded_in_a_log_of_its_own_that_verifies() {
    let bench = Workbench::new();
    bench.write("annals.toml", "signing = { key = 'books.key', origin = 'example.com/books' }\n");
    let served = Served::start(&bench);
    served.server.get("/v1/events?actor=maria").is(200);
    assert_eq!(accesses(&served.server)[0]["payload"]["filters"], json!({"actor": ["maria"]}));
    served.stop();

    let verified = bench.annals(["--log", "access", "verify", "--format", "json"]).succeeds().json();
    assert_eq!(verified["unsignedTail"], 0);
    let origin = |log: &str| {
        let checkpoint = bench.annals(["--log", log, "checkpoint"]).succeeds().stdout;
        checkpoint.lines().next().unwrap().to_owned()
    };
    assert_eq!(
        (origin("main"), origin("access")),
        ("example.com/books".into(), "example.com/books/access".into())
    );
    assert!(bench.path("books.key").exists() && bench.path("books.access.key").exists());
    Served::start(&bench).stop();
}

#[test]
#[cfg(unix)]
fn where_no_log_is_meant_for_it_nothing_is_recorded_of_who_asks() {
    let bench = Workbench::new();
    bench.write("annals.toml", "server.logs = ['main']\n");
    let served = Served::start(&bench);
    served.server.get("/v1/events").is(200);
    served.server.get("/v1/logs/access/events").is(404);
    served.stop();
    assert!(!bench.path("annals.access.db").exists());

    bench.write("annals.toml", "server.logs = ['main']\naccess.strict = true\n");
    bench.annals(["serve"]).exits(2).tells("usage");
}

#[test]
fn what_no_schema_allows_is_refused_at_this_door_too() {
    let bench = Workbench::new();
    bench.write("order.json", r#"{"required": ["total"]}"#);
    bench.write("annals.toml", "[[validation.schemas]]\nevent_type = 'OrderPlaced'\nfile = 'order.json'\n");
    let served = Served::start(&bench);
    let order = json!({"eventType": "OrderPlaced", "aggregate": "Order/1", "payload": {}}).to_string();
    let refused = served.server.append(&order).unwrap();
    assert_eq!(refused.json()["code"], "schema-violated", "{}", refused.body);
    served.server.append(&event(1)).unwrap().is(201);
}

#[test]
fn a_configuration_that_no_server_could_use_is_found_before_one_is_started() {
    let bench = Workbench::new();
    let check = |configuration: &str| {
        bench.write("annals.toml", configuration);
        bench.annals(["config", "check"])
    };
    assert!(check("").succeeds().stderr.contains("can be used"));
    check("server.listen = '0.0.0.0:4720'").exits(2).tells("key-needed");
    check("server.logs = ['books']").exits(2).tells("usage");
    check("server.logs = ['main']\naccess.strict = true").exits(2).tells("usage");
    check("server.listen = 'everywhere'").exits(2).tells("invalid-configuration");
    check("auth.secret_file = 'gone'").exits(2).tells("unusable-file");
    check("auth.roles_pointer = 'roles'\nauth.secret_file = 'annals.toml'")
        .exits(2)
        .tells("auth-misconfigured");
    check("sign_in.issuer = 'https://id.example.com'\nauth.secret_file = 'annals.toml'")
        .exits(2)
        .tells("usage");
    check("history.reducers = [{ aggregate_type = 'A', reducer = 'gone.jq' }]")
        .exits(2)
        .tells("unusable-file");
    assert!(!bench.path("annals.db").exists());
}
