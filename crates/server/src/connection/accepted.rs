use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::Answering;
use super::opening::{Opened, open};

/// A connection that is to be answered.
pub(super) struct Accepted {
    pub(super) stream: TcpStream,
    /// Held for as long as the connection is.
    pub(super) place: Option<OwnedSemaphorePermit>,
    /// Closed when the connection is to be cut off.
    pub(super) ending: watch::Receiver<()>,
}

impl Accepted {
    /// Answers the requests of the connection until it ends, the server stops, or the client is too slow.
    pub(super) async fn answer(self, answering: watch::Receiver<Answering>, watcher: Watcher) {
        let Self { stream, place, mut ending } = self;
        tokio::select! {
            () = converse(stream, answering, watcher) => {}
            // Nothing is ever sent: it is closed.
            _ = ending.changed() => {}
        }
        drop(place);
    }
}

async fn converse(stream: TcpStream, answering: watch::Receiver<Answering>, watcher: Watcher) {
    // Answers are small and waited for; gathering them for fuller packets would only delay them.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok();
    let tls = answering.borrow().tls.clone();
    let open_within = answering.borrow().limits.head_within;
    match tokio::time::timeout(open_within, open(stream, tls)).await {
        Ok(Ok(Opened::Plain(stream))) => answer_all(stream, peer, answering, watcher).await,
        Ok(Ok(Opened::Tls(stream))) => answer_all(stream, peer, answering, watcher).await,
        Ok(Ok(Opened::Refused)) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a connection was not opened"),
        Err(_) => tracing::debug!("a connection was not opened in time"),
    }
}

/// Each request is answered as it is said when it comes, however long the connection stands.
async fn answer_all<S>(
    stream: S,
    peer: Option<SocketAddr>,
    answering: watch::Receiver<Answering>,
    watcher: Watcher,
) where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let limits = answering.borrow().limits;
    let mut stream = TimeoutStream::new(stream);
    // The head has its own limit, the body that of its answer. Whoever asks and does not take the answer has this one.
    stream.set_write_timeout(Some(limits.send_within));
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let router = answering.borrow().router.clone();
        router.oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
