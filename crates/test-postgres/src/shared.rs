//! The server that all test binaries of a run share.
//!
//! Every process that uses it holds a shared lock on a file as long as it lives, and a warden ends the server when
//! nobody holds that lock any more. Where the warden was killed too, the next user of the server starts another one.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::binaries::{user_number, version};
use crate::cluster::Server;
use crate::warden::{Warden, opened};

/// Names a server that is to be used instead.
const ELSEWHERE: &str = "ANNALS_TEST_POSTGRES";

/// So many seconds after its last user the server ends: the next test binary of a run may be about to start.
const GRACE_SECONDS: u32 = 5;

/// The URL of the server that all tests share: the one that `ANNALS_TEST_POSTGRES` names, or else one that is
/// started now, if no other test did, and stopped when the last test that uses it has ended.
///
/// # Panics
/// When there is no PostgreSQL, or it does not start.
#[must_use]
pub fn shared_server() -> &'static str {
    static SERVER: OnceLock<(String, Option<File>)> = OnceLock::new();
    let (url, _) = SERVER.get_or_init(|| match std::env::var(ELSEWHERE) {
        Ok(url) if !url.is_empty() => (url, None),
        _ => {
            let (server, usage) = join(&Place::of_this_user());
            (server.socket_url(), Some(usage))
        }
    });
    url
}

/// Where the server and its locks lie.
struct Place(PathBuf);

impl Place {
    fn of_this_user() -> Self {
        let version = version().map(|version| format!("-{version}")).unwrap_or_default();
        Self(std::env::temp_dir().join(format!("annals-test-postgres-{}{version}", user_number())))
    }

    fn with(&self, suffix: &str) -> PathBuf {
        PathBuf::from(format!("{}{suffix}", self.0.display()))
    }
}

/// Joins the users of the server, and starts it where it does not run.
fn join(place: &Place) -> (Server, File) {
    let starting = opened(&place.with(".starting"));
    starting.lock().expect("the lock of whoever starts a server");
    let usage = opened(&place.with(".users"));
    // Whoever is stopping the server holds it alone.
    usage.lock_shared().expect("the lock of the server's users");
    let running = Server::existing(&place.0).filter(Server::is_running);
    let server = running.unwrap_or_else(|| {
        // What a run left behind that was killed together with whoever was to clean up.
        if place.0.exists() {
            std::fs::remove_dir_all(&place.0).expect("the folder of a server that was killed goes");
        }
        std::fs::create_dir(&place.0).expect("the server's folder");
        let server = Server::create(&place.0);
        server.start();
        server
    });
    if !has_warden(place) {
        let (users, warden) = (place.with(".users"), place.with(".warden"));
        Warden { users: &users, own_lock: &warden, folder: &place.0, grace_seconds: GRACE_SECONDS }.set();
    }
    (server, usage)
}

fn has_warden(place: &Place) -> bool {
    matches!(opened(&place.with(".warden")).try_lock(), Err(TryLockError::WouldBlock))
}
