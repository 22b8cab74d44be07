//! An issuer's server: it answers every request with what it is told to.

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
    answer: Mutex<String>,
    requests: AtomicUsize,
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

    pub(crate) fn url(&self) -> String {
        format!("{}://localhost:{}/keys", self.scheme, self.address.port())
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// From now on every answer is `200 OK` with this body.
    pub(crate) fn answer(&self, body: &str) {
        let length = body.len();
        self.set(format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"));
    }

    /// From now on every answer leads back here.
    pub(crate) fn redirect(&self) {
        let url = self.url();
        self.set(format!(
            "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
        ));
    }

    /// From now on nobody answers.
    pub(crate) fn stop(&self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // The thread waits for a connection; with this one it sees that it is to end, and closes the port.
        drop(TcpStream::connect(self.address));
    }

    fn set(&self, answer: String) {
        *self.shared.answer.lock().expect("no panic") = answer;
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(stream: impl Read + Write, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let answer = shared.answer.lock().expect("no panic").clone();
    reader.get_mut().write_all(answer.as_bytes())?;
    reader.get_mut().flush()
}
