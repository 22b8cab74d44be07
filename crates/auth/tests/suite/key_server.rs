//! An issuer's server: it answers each request with what it is told to.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

pub(crate) struct KeyServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    scheme: &'static str,
}

#[derive(Default)]
struct Shared {
    /// By path; what has no answer of its own gets that of `/keys`.
    answers: Mutex<HashMap<String, String>>,
    requests: AtomicUsize,
    last: Mutex<String>,
    stopped: AtomicBool,
}

impl KeyServer {
    pub(crate) fn start(body: &str) -> Self {
        Self::start_with(body, "http", serve)
    }

    pub(crate) fn start_tls(body: &str) -> Self {
        let certificate = CertificateDer::from_pem_slice(include_bytes!("../data/localhost.pem"));
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("../data/localhost.key.pem"));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.expect("a certificate")], key.expect("a key"))
            .expect("a pair");
        let config = Arc::new(config);
        Self::start_with(body, "https", move |stream, shared| {
            let connection = ServerConnection::new(config.clone()).expect("a connection");
            serve(StreamOwned::new(connection, stream), shared)
        })
    }

    fn start_with(
        body: &str,
        scheme: &'static str,
        serve: impl Fn(TcpStream, &Shared) -> std::io::Result<()> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Self { shared: Arc::default(), address, scheme };
        server.answer(body);
        let shared = server.shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stopped.load(Ordering::SeqCst) {
                    return;
                }
                // A client that does not trust the server goes away, which is what its test is about.
                let _ = serve(stream.expect("a connection"), &shared);
            }
        });
        server
    }

    /// Where the keys are.
    pub(crate) fn url(&self) -> String {
        format!("{}/keys", self.origin())
    }

    /// What stands before every path.
    pub(crate) fn origin(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address.port())
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// The last request, with its headers and its body.
    pub(crate) fn last_request(&self) -> String {
        self.shared.last.lock().expect("no panic").clone()
    }

    /// From now on every answer is `200 OK` with this body.
    pub(crate) fn answer(&self, body: &str) {
        self.answer_at("/keys", "200 OK", body);
    }

    /// From now on this is the answer at `path`.
    pub(crate) fn answer_at(&self, path: &str, status: &str, body: &str) {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}");
        self.set(path, format!("{head}\r\n\r\n{body}"));
    }

    /// From now on every answer leads back here.
    pub(crate) fn redirect(&self) {
        let url = self.url();
        let redirection = format!(
            "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
        );
        self.set("/keys", redirection);
    }

    /// From now on nobody answers.
    pub(crate) fn stop(&self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // The thread waits for a connection; with this one it sees that it is to end, and closes the port.
        drop(TcpStream::connect(self.address));
    }

    fn set(&self, path: &str, answer: String) {
        self.shared.answers.lock().expect("no panic").insert(path.to_owned(), answer);
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(stream: impl Read + Write, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    while reader.read_line(&mut request)? > 2 {}
    let length = request.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body)?;
    request.push_str(&String::from_utf8_lossy(&body));
    let path = request.split(' ').nth(1).unwrap_or_default();
    let answers = shared.answers.lock().expect("no panic").clone();
    let answer = answers.get(path).or_else(|| answers.get("/keys")).cloned().unwrap_or_default();
    shared.requests.fetch_add(1, Ordering::SeqCst);
    *shared.last.lock().expect("no panic") = request;
    reader.get_mut().write_all(answer.as_bytes())?;
    reader.get_mut().flush()
}
