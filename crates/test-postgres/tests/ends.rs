//! No server outlives the tests that use it, however they end.

// Servers are found, started and ended by the means of Unix.
#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use annals_test_postgres::Cluster;

/// Set for the process that this very test is to be once more, and that is to die.
const DYING: &str = "ANNALS_TEST_DYING";

const TEST: &str = "a_server_ends_with_the_process_that_started_it";

/// Longer than any machine takes to stop a server at once.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_server_ends_with_the_process_that_started_it() {
    if std::env::var_os(DYING).is_some() {
        let server = Cluster::start();
        println!("log: {}", server.log_file().display());
        std::process::abort();
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture"])
        .env(DYING, "1")
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.signal().is_some(), "it was to die");
    let said = String::from_utf8(output.stdout).unwrap();
    let log = said.lines().find_map(|line| line.split_once("log: ")).expect("it started a server").1;
    let folder = PathBuf::from(log).parent().unwrap().to_owned();
    let started = Instant::now();
    while folder.exists() {
        assert!(started.elapsed() < PATIENCE, "{} is still there", folder.display());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_server_that_is_dropped_leaves_nothing() {
    let server = Cluster::start();
    let folder = server.log_file().parent().unwrap().to_owned();
    assert!(folder.join("data/postmaster.pid").exists());
    drop(server);
    assert!(!folder.exists());
}
