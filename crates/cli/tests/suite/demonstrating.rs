//! A demonstration as a person tries it: every command that it prints is typed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command};

use serde_json::{Value, json};

use crate::http::Server;
use crate::workbench::{Ran, Running, Workbench};

/// A demonstration that goes on.
struct Demo {
    running: Running,
    stdout: BufReader<ChildStdout>,
    greeting: Value,
}

impl Demo {
    /// Starts one and waits until it greets.
    fn start(bench: &Workbench, args: &[&str]) -> Self {
        let mut running = bench.spawn(["demo"].iter().chain(args));
        let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let greeting = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut told = String::new();
            std::io::Read::read_to_string(running.0.stderr.as_mut().unwrap(), &mut told).unwrap();
            panic!("{error}: {line}\n{told}")
        });
        Self { running, stdout, greeting }
    }

    /// The server, for whoever has no key to it.
    fn server(&self) -> Server {
        Server::at(self.greeting["address"].as_str().unwrap())
    }

    /// The server, for who started the demonstration.
    fn own_server(&self) -> Server {
        let header = std::fs::read_to_string(self.store().with_file_name("curl-header")).unwrap();
        self.server().with_token(header.strip_prefix("Authorization: Bearer ").unwrap())
    }

    fn store(&self) -> &Path {
        Path::new(self.greeting["store"].as_str().unwrap())
    }

    /// Types the command that shows something, and gives what it prints.
    fn types(&self, bench: &Workbench, what: &str) -> Ran {
        let commands = self.greeting["commands"].as_array().unwrap();
        let found = commands.iter().find(|command| command["what"].as_str().unwrap().contains(what));
        let typed = found.unwrap_or_else(|| panic!("nothing about {what:?} in {commands:#?}"));
        run(bench, typed["command"].as_str().unwrap()).succeeds()
    }

    /// Presses Ctrl-C; it ends by itself.
    #[cfg(unix)]
    fn ends(mut self) {
        self.running.is_told(rustix::process::Signal::INT);
        let status = self.running.0.wait().unwrap();
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.stdout, &mut rest).unwrap();
        assert!(status.success() && rest.is_empty(), "{status}: {rest}");
    }
}

fn run(bench: &Workbench, typed: &str) -> Ran {
    let annals = bench.command([""; 0]);
    let mut shell = Command::new("sh");
    shell.args(["-c", typed]).current_dir(bench.path("")).env_clear();
    shell.envs(annals.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Ran::from(shell.output().unwrap())
}

#[test]
#[cfg(unix)]
fn every_command_that_it_prints_shows_what_it_promises_and_nothing_is_left_of_it() {
    let bench = Workbench::new();
    let demo = Demo::start(&bench, &[]);
    assert!(demo.greeting["events"].as_u64().unwrap() > 4_000);
    assert_eq!(demo.greeting["commands"].as_array().unwrap().len(), 5);

    let verified = demo.types(&bench, "nothing in it was altered").json();
    assert_eq!((&verified["ok"], &verified["problems"]), (&json!(true), &json!([])));
    assert!(verified["checkpoints"].as_u64().unwrap() >= 1);

    // The story is the same every day, so that the guide may name it.
    assert!(demo.greeting["commands"].to_string().contains("blame Payment/pay_1256 "));
    let blamed = demo.types(&bench, "refunded").lines();
    let refund = blamed.iter().find(|leaf| leaf["path"] == "/refund/amount").unwrap();
    assert_eq!((&refund["eventType"], &refund["actorId"]), (&json!("RefundIssued"), &json!("lena")));

    let changed = demo.types(&bench, "price at night").lines();
    let price = changed.iter().find(|change| change["path"] == "/price").unwrap();
    assert_eq!((price["old"].to_string(), price["new"].to_string()), ("89.00".into(), "8.90".into()));

    let granted = demo.types(&bench, "discounts").json();
    assert_eq!(granted["items"].as_array().unwrap().len(), 3);

    let affair = demo.types(&bench, "one order").lines();
    assert!(affair.len() > 6);
    assert!(
        affair
            .iter()
            .all(|event| event["metadata"]["correlationId"] == affair[0]["metadata"]["correlationId"])
    );

    let folder = demo.store().parent().unwrap().to_owned();
    assert!(folder.exists());
    demo.ends();
    assert!(!folder.exists(), "{} is left", folder.display());
    assert!(!bench.files().iter().any(|name| name == "config" || name == "state"), "{:?}", bench.files());
}

#[test]
#[cfg(unix)]
fn its_link_lets_in_once_and_who_looked_at_what_is_recorded() {
    let bench = Workbench::new();
    let demo = Demo::start(&bench, &[]);
    demo.server().get("/v1/events").is(401);

    let link = demo.greeting["signIn"].as_str().unwrap();
    let (page, code) = link.split_once("#code=").unwrap();
    let address = demo.greeting["address"].as_str().unwrap();
    demo.server().visit(page.strip_prefix(address).unwrap()).is(200);
    let redeemed = json!({"code": code}).to_string();
    let me = demo.server().post("/session", &redeemed).is(200).json();
    assert_eq!((&me["subject"], &me["roles"]), (&json!("visitor"), &json!(["admin"])));
    assert_eq!(demo.server().post("/session", &redeemed).is(401).json()["code"], "sign-in-failed");

    demo.types(&bench, "discounts");
    let looked =
        || demo.own_server().get("/v1/logs/access/events?actor=visitor&type=Searched").is(200).json();
    let begun = std::time::Instant::now();
    while looked()["items"].as_array().unwrap().is_empty() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(looked()["items"][0]["payload"]["filters"]["type"], json!(["DiscountGranted"]));
    let args = ["verify", "--log", "access", "--store", demo.store().to_str().unwrap()];
    bench.annals(args).succeeds();

    let order = demo.own_server().get("/v1/events?type=OrderPlaced&limit=1").is(200).json();
    assert_eq!(order["items"][0]["context"]["recordedBy"], "shop");
    demo.ends();
}

#[test]
#[cfg(unix)]
fn nobody_else_on_the_machine_can_read_its_token() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Workbench::new();
    bench.write("shop/curl-header", "of everybody");
    let demo = Demo::start(&bench, &["--dir", "shop"]);
    let mode = std::fs::metadata(bench.path("shop/curl-header")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    demo.own_server().get("/v1/me").is(200);
    demo.ends();
    assert!(!bench.path("shop/curl-header").exists());
}

#[test]
#[cfg(unix)]
fn in_a_folder_of_ones_own_it_goes_on_where_it_was_even_after_a_kill() {
    let bench = Workbench::new();
    let mut demo = Demo::start(&bench, &["--dir", "shop"]);
    let told = demo.greeting["events"].as_u64().unwrap();
    let size = |demo: &Demo| demo.own_server().get("/v1/counts").is(200).json()["count"].as_u64().unwrap();
    while size(&demo) < told + 3 {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    demo.running.0.kill().unwrap();
    demo.running.0.wait().unwrap();

    let demo = Demo::start(&bench, &["--dir", "shop"]);
    let again = demo.greeting["events"].as_u64().unwrap();
    assert!(again >= told + 3, "{again} events, {told} before");
    while size(&demo) < again + 3 {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let store = demo.store().to_owned();
    demo.ends();
    let args = ["verify", "--format", "json", "--store", store.to_str().unwrap()];
    let verified = bench.annals(args).succeeds().json();
    assert_eq!(verified["unsignedTail"], 0);
    // What was told twice would be two listings of a product.
    let args = ["events", "--type", "ProductListed", "--store", store.to_str().unwrap()];
    assert_eq!(bench.annals(args).succeeds().lines().len(), 12);
}

#[test]
#[cfg(unix)]
fn ones_own_log_is_shown_instead_and_every_command_works_on_it() {
    let bench = Workbench::new();
    bench.write("orders.jsonl", include_str!("../cmd/session.in/orders.jsonl"));
    let demo = Demo::start(&bench, &["--import", "orders.jsonl"]);
    assert_eq!(demo.greeting["events"], 4);
    let commands = demo.greeting["commands"].as_array().unwrap();
    assert_eq!(commands.len(), 5);
    for command in commands {
        let printed = run(&bench, command["command"].as_str().unwrap()).succeeds().stdout;
        assert!(!printed.contains("invalid"), "{printed}");
        assert!(!printed.is_empty(), "{command}");
    }
    demo.ends();
}

#[test]
#[cfg(unix)]
fn whoever_ends_it_before_everything_is_told_is_greeted_by_nobody_and_nothing_is_left() {
    let bench = Workbench::new();
    let mut running = bench.spawn(["demo"]);
    let is_there = |name: &str| bench.files().iter().any(|file| file.starts_with(name));
    while !is_there("annals-demo-") {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    running.is_told(rustix::process::Signal::INT);
    let status = running.0.wait().unwrap();
    let mut printed = String::new();
    std::io::Read::read_to_string(running.0.stdout.as_mut().unwrap(), &mut printed).unwrap();
    assert!(status.success() && printed.is_empty(), "{status}: {printed}");
    assert!(!is_there("annals-demo-"), "{:?}", bench.files());
}

#[test]
fn a_folder_that_holds_another_log_is_left_alone() {
    let bench = Workbench::with_orders();
    let before = bench.annals(["events"]).succeeds().stdout;
    bench.annals(["demo", "--dir", "."]).exits(2).tells("usage");
    assert_eq!(bench.annals(["events"]).succeeds().stdout, before);
}
