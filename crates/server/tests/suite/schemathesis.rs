//! `schemathesis`, which others wrote: it makes thousands of requests of the description, good and bad ones, and holds
//! every answer against it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::book::Book;

const PACKAGE: &str = "schemathesis==4.32.5";

/// Requests of each operation. What is found with more was found once, and has a test of its own above.
const EXAMPLES_MAX: &str = "25";

/// What is asked of every answer.
const CHECKS: [&str; 8] = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_request_meets_an_answer_that_is_not_documented() {
    let Book { server, store, router, folder } = Book::of_orders().await;
    drop((store, router));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(program());
        // It keeps what it found in the folder where it runs.
        command.current_dir(env!("CARGO_TARGET_TMPDIR"));
        command.args(["run", &format!("http://{address}/openapi.json"), "--max-examples", EXAMPLES_MAX]);
        command.args(["--checks", &CHECKS.join(","), "--mode", "all"]);
        // A feed has no end that could be waited for.
        command.args(["--exclude-path-regex", "/feed$", "--phases", "examples,coverage,fuzzing"]);
        command.args(["--seed", "1", "--no-color", "--generation-database", "none"]).output().unwrap()
    });
    let output = output.await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    drop(folder);
    let told = String::from_utf8_lossy(&output.stdout);
    let told: String = told.chars().skip(told.chars().count().saturating_sub(20_000)).collect();
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The program in an environment of its own, made below the folder for builds.
fn program() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let program = bin.join("schemathesis");
    if !is_done(Command::new(&program).arg("--version")) {
        let made = is_done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            && is_done(Command::new(bin.join("python")).args(["-m", "pip", "install", "--quiet", PACKAGE]));
        assert!(
            made,
            "{PACKAGE} cannot be installed with 'python3 -m venv' and pip; it needs Python 3.10 or later"
        );
    }
    program
}

fn is_done(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
