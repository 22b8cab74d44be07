//! TLS, through real connections on this machine.

use std::net::SocketAddr;
use std::sync::Arc;

use annals_auth::Transport;
use annals_server::{Server, ServerControl, ServerError, ServerOptions, TlsIdentity};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::book::Book;

/// A certificate of `localhost` that nobody signed but itself.
fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

fn identity(certificate: &CertifiedKey<KeyPair>) -> TlsIdentity {
    let (pem, key) = (certificate.cert.pem(), certificate.signing_key.serialize_pem());
    TlsIdentity::from_pem(pem.as_bytes(), key.as_bytes()).unwrap()
}

fn speaking(certificate: &CertifiedKey<KeyPair>) -> ServerOptions {
    ServerOptions { tls: Some(identity(certificate)), transport: Transport::Tls, ..ServerOptions::default() }
}

/// A server that serves.
struct Running {
    address: SocketAddr,
    control: ServerControl,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), ServerError>>,
    _folder: TempDir,
}

impl Running {
    async fn with(options: ServerOptions) -> Self {
        let Book { server, store, router, folder } = Book::with(options).await;
        drop((store, router));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, control) = (listener.local_addr().unwrap(), Server::control(&server));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));
        Self { address, control, stop, serving, _folder: folder }
    }

    /// Opens a connection to whoever has this certificate, and to nobody else.
    async fn connect(&self, to: &CertificateDer<'static>) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(to.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
    }
}

/// Asks whether the process is alive; the head and the body of the answer.
async fn ask<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> (String, String) {
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut read = String::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.unwrap();
        read.push_str(std::str::from_utf8(&part[..count]).unwrap());
        if let Some((head, body)) = read.split_once("\r\n\r\n")
            && body.ends_with('}')
        {
            return (head.to_ascii_lowercase(), body.to_owned());
        }
        assert!(count > 0, "the connection ended: {read}");
    }
}

#[tokio::test]
async fn what_is_asked_in_tls_is_answered_and_browsers_are_told_to_stay_with_it() {
    let certificate = certificate();
    let running = Running::with(speaking(&certificate)).await;
    let mut stream = running.connect(certificate.cert.der()).await.unwrap();
    let (head, body) = ask(&mut stream).await;
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert!(head.contains("strict-transport-security: max-age=31536000"), "{head}");
    assert_eq!(body, r#"{"status":"ok"}"#);
    assert_eq!(stream.get_ref().1.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    drop(stream);
    running.stop().await;
}

#[tokio::test]
async fn what_is_asked_in_the_clear_is_refused_and_told_why() {
    let certificate = certificate();
    let running = Running::with(speaking(&certificate)).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let (head, body) = ask(&mut stream).await;
    assert!(head.starts_with("http/1.1 400 ") && head.contains("application/problem+json"), "{head}");
    let problem: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&problem["code"], &problem["status"]), (&"tls-needed".into(), &400.into()));
    assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0, "nothing more is said");
    running.stop().await;
}

#[tokio::test]
async fn another_certificate_is_for_new_connections_and_disturbs_no_other() {
    let [before, after] = [certificate(), certificate()];
    let running = Running::with(speaking(&before)).await;
    let mut open = running.connect(before.cert.der()).await.unwrap();
    ask(&mut open).await;
    running.control.change(speaking(&after)).unwrap();
    assert!(running.connect(before.cert.der()).await.is_err(), "the old one is shown no more");
    ask(&mut running.connect(after.cert.der()).await.unwrap()).await;
    ask(&mut open).await;
    drop(open);
    running.stop().await;
}

#[tokio::test]
async fn a_client_that_says_nothing_holds_nothing_up() {
    let certificate = certificate();
    let limits = annals_server::RequestLimits {
        head_within: std::time::Duration::from_millis(200),
        connections_max: 1,
        ..annals_server::RequestLimits::default()
    };
    let running = Running::with(ServerOptions { limits, ..speaking(&certificate) }).await;
    let mut silent = TcpStream::connect(running.address).await.unwrap();
    // There is place for one, and it is given up by whoever does not begin.
    let mut stream = running.connect(certificate.cert.der()).await.unwrap();
    ask(&mut stream).await;
    assert_eq!(silent.read(&mut [0; 8]).await.unwrap_or(0), 0);
    drop(stream);
    running.stop().await;
}

#[test]
fn what_does_not_belong_together_is_no_identity() {
    let [one, other] = [certificate(), certificate()];
    let (pem, key) = (one.cert.pem(), one.signing_key.serialize_pem());
    let other_key = other.signing_key.serialize_pem();
    for (certificates, key, told) in [
        (pem.as_str(), other_key.as_str(), "KeyMismatch"),
        ("", key.as_str(), "no certificate"),
        (pem.as_str(), "", "no private key"),
        (pem.as_str(), pem.as_str(), "no private key"),
        ("-----BEGIN CERTIFICATE-----\n", key.as_str(), "certificate"),
    ] {
        let refused = TlsIdentity::from_pem(certificates.as_bytes(), key.as_bytes()).err().unwrap();
        let said = refused.to_string();
        assert!(said.contains(told) && !said.contains("PRIVATE KEY--"), "{said}");
    }
}
