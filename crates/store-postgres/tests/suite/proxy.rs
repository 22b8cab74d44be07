//! A way to the server that can be cut after so many bytes, in either direction.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

/// Passes connections on to a server.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: u16,
    /// Bytes that still pass each way before everything is cut; negative when nothing is to be cut.
    left: [AtomicI64; 2],
    cut: Notify,
}

impl Proxy {
    /// A proxy before the server at a port of this machine.
    pub(crate) async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = [AtomicI64::new(-1), AtomicI64::new(-1)];
        let shared = Arc::new(Shared { server, left, cut: Notify::new() });
        let passing = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(Arc::clone(&passing), client));
            }
        });
        Self { port, shared }
    }

    /// Cuts all connections, once, when so many further bytes have gone one way.
    pub(crate) fn cut_after(&self, way: Way, bytes: i64) {
        self.shared.left[way as usize].store(bytes, Ordering::SeqCst);
    }

    /// Whether the cut is still to come; it comes no more.
    pub(crate) fn disarm(&self) -> bool {
        self.shared.left.iter().any(|left| left.swap(-1, Ordering::SeqCst) >= 0)
    }
}

async fn pass(shared: Arc<Shared>, client: TcpStream) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", shared.server)).await else { return };
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pump(&shared, Way::ToServer, from_client, to_server) => {}
        () = pump(&shared, Way::ToClient, from_server, to_client) => {}
        () = shared.cut.notified() => {}
    }
}

/// Passes bytes on until there are none, or no more may pass.
async fn pump(shared: &Shared, way: Way, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut buffer = vec![0; 16_384];
    while let Ok(len @ 1..) = from.read(&mut buffer).await {
        let left = &shared.left[way as usize];
        let may_pass = left.load(Ordering::SeqCst);
        if may_pass >= 0 {
            if may_pass <= len as i64 {
                left.store(-1, Ordering::SeqCst);
                let _ = to.write_all(&buffer[..may_pass as usize]).await;
                shared.cut.notify_waiters();
                return;
            }
            left.store(may_pass - len as i64, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..len]).await.is_err() {
            return;
        }
    }
}
