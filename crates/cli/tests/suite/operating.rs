//! What whoever runs a server does with it while it runs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustix::process::Signal;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};

use crate::http::Server;
use crate::serving::Served;
use crate::workbench::Workbench;

const SECRET: &str = "a secret that has at least thirty-two bytes";

/// Waits until something is so.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn write_certificate(bench: &Workbench) -> CertifiedKey<KeyPair> {
    let certificate = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    bench.write("certificate.pem", certificate.cert.pem());
    bench.write("key.pem", certificate.signing_key.serialize_pem());
    certificate
}

/// Asks in TLS whether the process is alive; the answer, where it is whoever has this certificate.
fn ask_in_tls(address: &str, certificate: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn a_certificate_that_is_renewed_is_shown_without_a_new_start() {
    let bench = Workbench::new();
    let first = write_certificate(&bench);
    bench.write("annals.toml", "[server.tls]\ncertificate_file = 'certificate.pem'\nkey_file = 'key.pem'\n");
    let mut served = Served::start(&bench);
    let address = served.server.address.trim_start_matches("https://").to_owned();
    let answer = ask_in_tls(&address, first.cert.der()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let clear = Server { address: address.clone(), token: None };
    assert_eq!(clear.get("/livez").is(400).json()["code"], "tls-needed");

    // Half of a new pair is no reason to be gone.
    bench.write("certificate.pem", "nothing yet");
    let second = write_certificate(&bench);
    eventually("the new certificate is shown", || ask_in_tls(&address, second.cert.der()).is_ok());
    assert!(ask_in_tls(&address, first.cert.der()).is_err());

    // At once, when it is asked for.
    let third = write_certificate(&bench);
    served.is_told(Signal::HUP);
    eventually("the newest certificate is shown", || ask_in_tls(&address, third.cert.der()).is_ok());
    served.says("there is another certificate, and it is in force");
    served.stop();
}

#[test]
fn a_certificate_without_its_key_is_refused_before_anything_is_opened() {
    let bench = Workbench::new();
    write_certificate(&bench);
    let check = |configuration: &str| {
        bench.write("annals.toml", configuration);
        bench.annals(["config", "check"]).exits(2)
    };
    check("server.tls.certificate_file = 'certificate.pem'").tells("usage");
    check("[server.tls]\ncertificate_file = 'certificate.pem'\nkey_file = 'gone.pem'").tells("unusable-file");
    check("[server.tls]\ncertificate_file = 'key.pem'\nkey_file = 'key.pem'").tells("tls-unusable");
    check("server.allowed_origins = ['https://app.example.com/']").tells("invalid-configuration");
    check("server.allowed_origins = ['https://app.example.com']").tells("usage");
    bench.annals(["serve"]).exits(2).tells("usage");
    assert!(!bench.path("annals.db").exists());
}

#[test]
fn a_configuration_is_read_again_when_asked_and_a_broken_one_changes_nothing() {
    let bench = Workbench::new();
    bench.write("first", SECRET);
    bench.write("second", "another secret that has at least thirty-two bytes");
    bench.write("annals.toml", "auth.secret_file = 'first'\n");
    let mut served = Served::start(&bench);
    let token = |secret: &str| {
        let mut command = bench.command(["token", "maria", "--role", "auditor"]);
        let output = command.env("ANNALS_AUTH_SECRET_FILE", bench.path(secret)).output().unwrap();
        served.server.with_token(&String::from_utf8(output.stdout).unwrap())
    };
    let (first, second) = (token("first"), token("second"));
    first.get("/v1/me").is(200);
    second.get("/v1/me").is(401);

    bench.write("annals.toml", "auth.secret_file = 'second'\nserver.connections = 7\n");
    served.is_told(Signal::HUP);
    eventually("the new key is in force", || second.get("/v1/me").status == 200);
    first.get("/v1/me").is(401);
    assert!(served.says("server.connections").contains("started again"));
    served.says("is in force");

    bench.write("annals.toml", "auth.secret_file = 'first'\nserver.body_bites = 1\n");
    served.is_told(Signal::HUP);
    let said = served.says("stays in force");
    assert!(said.contains("body_bites") && said.contains("invalid-configuration"), "{said}");
    second.get("/v1/me").is(200);
    first.get("/v1/me").is(401);
    served.stop();
}

#[test]
fn how_often_each_may_ask_is_changed_while_the_server_runs() {
    let bench = Workbench::new();
    let served = Served::start(&bench);
    for _ in 0..20 {
        served.server.get("/v1/me").is(200);
    }
    bench.write("annals.toml", "server.rates.address_per_second = 1\n");
    served.is_told(Signal::HUP);
    eventually("somebody is refused", || served.server.get("/v1/me").status == 429);
    bench.write("annals.toml", "");
    served.is_told(Signal::HUP);
    eventually("the limit is gone", || (0..5).all(|_| served.server.get("/v1/me").status == 200));
    served.stop();
}

#[test]
fn numbers_have_a_listener_of_their_own_that_tells_nothing_else() {
    let bench = Workbench::new();
    bench.write("secret", SECRET);
    bench.write("annals.toml", "auth.secret_file = 'secret'\nserver.metrics.listen = '127.0.0.1:0'\n");
    let mut served = Served::start(&bench);
    let line = served.line();
    let (_, address) = line.trim().split_once("http://").unwrap();
    let apart = Server { address: address.trim_end_matches("/metrics").to_owned(), token: None };
    let numbers = apart.get("/metrics").is(200).body;
    assert!(numbers.contains(r#"annals_log_events{log="main"} 0"#), "{numbers}");
    apart.get("/v1/events").is(404);
    served.server.get("/metrics").is(401);
    served.stop();
}

#[test]
fn what_a_server_logs_is_json_where_it_is_configured_and_names_each_request() {
    let bench = Workbench::new();
    bench.write("annals.toml", "[server.logging]\nformat = 'json'\nrequests = true\n");
    let mut running = bench.spawn(["serve", "--listen", "127.0.0.1:0"]);
    let mut said = std::io::BufReader::new(running.0.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    let serving: Value = serde_json::from_str(&line).unwrap();
    let (_, address) = serving["message"].as_str().unwrap().split_once("http://").unwrap();
    let event = json!({
        "eventType": "T", "aggregate": "A/1", "payload": {}, "metadata": {"correlationId": "order-7"},
    });
    Server::at(address).append(&event.to_string()).unwrap().is(201);
    running.is_told(Signal::TERM);
    assert!(running.0.wait().unwrap().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    let lines: Vec<Value> = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered =
        lines.iter().find(|line| line["message"] == "answered").unwrap_or_else(|| panic!("{rest}"));
    assert_eq!((&answered["status"], &answered["level"]), (&json!(201), &json!("INFO")));
    let span = &answered["span"];
    assert_eq!((&span["route"], &span["method"]), (&json!("/v1/events"), &json!("POST")));
    assert_eq!(span["correlationId"], "order-7");
    assert!(span["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{span}");
}
