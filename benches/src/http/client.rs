use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::{BenchError, Result};

/// Where events are appended.
const EVENTS: &str = "/v1/events";

/// A client with one connection, which it keeps.
pub(super) struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.map_err(BenchError::serving)?;
        stream.set_nodelay(true).map_err(BenchError::serving)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(BenchError::serving)?;
        // Why it ended, if it did, the request is told that is under way.
        tokio::spawn(connection);
        let host = HeaderValue::try_from(address.to_string()).map_err(BenchError::serving)?;
        Ok(Self { sender, host })
    }

    /// Appends; what the server answers.
    pub(super) async fn append(&mut self, body: Bytes) -> Result<Bytes> {
        whole(self.ask(Method::POST, EVENTS, body).await?).await
    }

    /// The whole answer to a question.
    pub(super) async fn get(&mut self, path: &str) -> Result<Bytes> {
        whole(self.open(path).await?).await
    }

    /// An answer that is read as it comes.
    pub(super) async fn open(&mut self, path: &str) -> Result<Incoming> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    async fn ask(&mut self, method: Method, path: &str, body: Bytes) -> Result<Incoming> {
        let request = Request::builder().method(method).uri(path).header(HOST, self.host.clone());
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request = request.body(Full::new(body)).map_err(BenchError::serving)?;
        self.sender.ready().await.map_err(BenchError::serving)?;
        let answer: Response<Incoming> =
            self.sender.send_request(request).await.map_err(BenchError::serving)?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.into_body());
        }
        let said = whole(answer.into_body()).await?;
        Err(BenchError::serving(format!(
            "{path} was answered with {status}: {}",
            String::from_utf8_lossy(&said)
        )))
    }
}

async fn whole(body: Incoming) -> Result<Bytes> {
    Ok(body.collect().await.map_err(BenchError::serving)?.to_bytes())
}
