use serde_json::{Value, json};

use crate::workbench::Workbench;

fn setting(bench: &Workbench, args: &[&str], env: &[(&str, &str)], key: &str) -> Value {
    let mut command = bench.command([args, &["config", "show", "--format", "jsonl"]].concat());
    let output = command.envs(env.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|setting| setting["key"] == key)
        .unwrap()
}

#[test]
fn a_flag_goes_before_the_environment_before_the_file_before_the_default() {
    let bench = Workbench::new();
    let log = |args: &[&str], env: &[(&str, &str)]| setting(&bench, args, env, "store.log");
    assert_eq!(log(&[], &[]), json!({"key": "store.log", "value": "\"main\"", "from": "default"}));
    bench.write("annals.toml", "[store]\nlog = \"from-file\"\n");
    let from_file = log(&[], &[]);
    assert_eq!(from_file["value"], json!("\"from-file\""));
    assert!(from_file["from"].as_str().unwrap().ends_with("annals.toml"), "{from_file}");
    let env = [("ANNALS_LOG", "from-env")];
    assert_eq!(log(&[], &env)["from"], json!("environment variable ANNALS_LOG"));
    assert_eq!(log(&["--log", "from-flag"], &env)["value"], json!("\"from-flag\""));
    assert_eq!(log(&["--log", "from-flag"], &env)["from"], json!("flag --log"));
}

#[test]
fn the_file_is_the_one_named_else_beside_the_store_else_here_else_the_users() {
    let bench = Workbench::new();
    let zone =
        |args: &[&str], env: &[(&str, &str)]| setting(&bench, args, env, "output.time_zone")["value"].clone();
    let store = bench.path("books/annals.db");
    let store = ["--store", store.to_str().unwrap()];
    let file = |zone: &str| format!("[output]\ntime_zone = \"{zone}\"\n");
    bench.write("config/annals/annals.toml", file("Asia/Tokyo"));
    assert_eq!(zone(&store, &[]), json!("\"Asia/Tokyo\""));
    bench.write("annals.toml", file("Europe/Berlin"));
    assert_eq!(zone(&store, &[]), json!("\"Europe/Berlin\""));
    bench.write("books/annals.toml", file("Europe/Paris"));
    assert_eq!(zone(&store, &[]), json!("\"Europe/Paris\""));
    bench.write("other.toml", file("America/Lima"));
    assert_eq!(zone(&store, &[("ANNALS_CONFIG", "other.toml")]), json!("\"America/Lima\""));
    bench.write("named.toml", file("Africa/Cairo"));
    assert_eq!(
        zone(&["--config", "named.toml"], &[("ANNALS_CONFIG", "other.toml")]),
        json!("\"Africa/Cairo\"")
    );
}

#[test]
fn a_relative_store_in_a_file_lies_beside_that_file() {
    let bench = Workbench::new();
    bench.write("books/annals.toml", "[store]\nlocation = \"ledger.db\"\n");
    bench
        .annals([
            "--config",
            "books/annals.toml",
            "append",
            "--type",
            "T",
            "--aggregate",
            "A/1",
            "--payload",
            "{}",
        ])
        .succeeds();
    assert!(bench.path("books/ledger.db").exists());
}

#[test]
fn mistakes_in_the_configuration_are_named_with_their_key_and_their_place() {
    let bench = Workbench::new();
    for (text, named) in [
        ("[store]\nlocaton = \"x\"\n", "locaton"),
        ("[output]\nformat = \"xml\"\n", "output.format"),
        ("[limits]\ntags = -1\n", "limits.tags"),
        ("[output]\ntime_zone = \"Mars\"\n", "output.time_zone"),
        ("[store\n", "annals.toml"),
    ] {
        bench.write("annals.toml", text);
        let ran = bench.annals(["events"]).exits(2).tells("invalid-configuration");
        assert!(ran.stderr.contains(named) && ran.stderr.contains("annals.toml"), "{text}: {}", ran.stderr);
    }
    bench.annals(["config", "example"]).succeeds();
    bench.annals(["explain", "invalid-configuration"]).succeeds();
    bench.annals(["--config", "missing.toml", "events"]).exits(2).tells("unusable-file");
}

#[test]
fn every_code_can_be_explained() {
    let bench = Workbench::new();
    let page = bench.annals(["explain", "no-store"]).succeeds().stdout;
    assert!(page.starts_with("# `no-store`: "), "{page}");
    let all = bench.annals(["explain", "--format", "json"]).succeeds().json();
    assert!(all.as_array().unwrap().iter().any(|page| page["code"] == "wrong-expected-version"));
    bench.annals(["explain", "nope"]).exits(5).tells("unknown-code");
}

#[test]
fn completions_are_made_for_every_shell() {
    let bench = Workbench::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = bench.annals(["completions", shell]).succeeds().stdout;
        assert!(script.contains("aggregates") && !script.contains("jq-worker\n"), "{shell}");
    }
}
