//! Accepting connections, and letting them go.

mod accepted;
mod opening;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::options::RequestLimits;
use crate::tls::TlsIdentity;
use accepted::Accepted;

/// When no connection can be accepted, such as for want of file descriptors, it is tried again after this.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How connections are answered at the moment.
pub(crate) struct Answering {
    /// What answers requests; each asks for it anew.
    pub(crate) router: Router,
    pub(crate) limits: RequestLimits,
    /// With what TLS is spoken, where it is.
    pub(crate) tls: Option<TlsIdentity>,
}

/// A server that listens.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    pub(crate) answering: watch::Receiver<Answering>,
}

/// Accepts connections until `stop` is done, then waits for the requests that are under way.
pub(crate) async fn serve(listening: Listening, stop: impl Future<Output = ()>) {
    let Listening { listener, answering } = listening;
    let places = Arc::new(Semaphore::new(answering.borrow().limits.connections_max));
    let connections = GracefulShutdown::new();
    // What is left of the connections ends with it.
    let (end, ending) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let ending = ending.clone();
        tokio::spawn(Accepted { stream, place, ending }.answer(answering.clone(), connections.watcher()));
    }
    // Nobody may be accepted and then not answered.
    drop(listener);
    let stop_within = answering.borrow().limits.stop_within;
    drop(answering);
    if tokio::time::timeout(stop_within, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    drop(end);
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
