//! Accepting connections, and letting them go.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt as _;

use crate::options::RequestLimits;

/// When no connection can be accepted, such as for want of file descriptors, it is tried again after this.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that listens.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    pub(crate) router: Router,
    pub(crate) limits: RequestLimits,
}

/// Accepts connections until `stop` is done, then waits for the requests that are under way.
pub(crate) async fn serve(listening: Listening, stop: impl Future<Output = ()> + Send + 'static) {
    let Listening { listener, router, limits } = listening;
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let connections = GracefulShutdown::new();
    // What is left of the connections ends with it.
    let (end, ending) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        answer(Accepted { stream, place, ending: ending.clone() }, router.clone(), &limits, &connections);
    }
    // Nobody may be accepted and then not answered.
    drop((listener, router));
    if tokio::time::timeout(limits.stop_within, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    drop(end);
}

/// A connection that is to be answered.
struct Accepted {
    stream: TcpStream,
    place: Option<OwnedSemaphorePermit>,
    /// Closed when the connection is to be cut off.
    ending: watch::Receiver<()>,
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so that there is always a permit in the end.
    let place = places.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted for the moment");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Answers the requests of one connection, in the background.
fn answer(accepted: Accepted, router: Router, limits: &RequestLimits, connections: &GracefulShutdown) {
    let Accepted { stream, place, mut ending } = accepted;
    // Answers are small and waited for; gathering them for fuller packets would only delay them.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok();
    let service = router.map_request(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            ended = connection => if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            },
            // Nothing is ever sent: it is closed.
            _ = ending.changed() => {}
        }
        drop(place);
    });
}
