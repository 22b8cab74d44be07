//! The server that all test binaries of a run share.
//!
//! Every process that uses it holds a shared lock on a file as long as it lives, however it ends. A small shell
//! process waits until nobody holds that lock, and a few seconds more for the next binary; then it stops the
//! server and removes its folder, holding the lock alone. Where it was killed too, the next user of the server
//! starts another one.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::binaries::{folder as binaries, is_root, user_number};
use crate::cluster::Server;

/// Names a server that is to be used instead.
const ELSEWHERE: &str = "ANNALS_TEST_POSTGRES";

/// What the process does that ends the server: $1 the lock of its users, $2 its own lock, $3 the server's folder,
/// $4 the programs' folder, and then what runs a program as the server's user.
const WARDEN: &str = r#"
exec 8>"$2"; flock --nonblock 8 || exit 0
users=$1; folder=$3; programs=$4; shift 4
while :; do
  flock --exclusive "$users" true
  sleep 5
  exec 9>"$users"
  if flock --exclusive --nonblock 9; then
    "$@" "$programs/pg_ctl" stop --mode immediate --silent --pgdata "$folder/data"
    rm -rf "$folder"
    exit 0
  fi
  exec 9>&-
done
"#;

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
        Self(std::env::temp_dir().join(format!("annals-test-postgres-{}", user_number())))
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
        set_warden(place);
    }
    (server, usage)
}

fn has_warden(place: &Place) -> bool {
    matches!(opened(&place.with(".warden")).try_lock(), Err(TryLockError::WouldBlock))
}

#[expect(clippy::zombie_processes, reason = "it outlives this process, which therefore cannot wait for it")]
fn set_warden(place: &Place) {
    let mut command = Command::new("sh");
    command.args(["-c", WARDEN, "annals-test-postgres"]);
    command.args([&place.with(".users"), &place.with(".warden"), &place.0, binaries()]);
    command.args(if is_root() { &["runuser", "-u", "postgres", "--"][..] } else { &["env"][..] });
    // It outlives this process, also where a terminal ends it with all its group.
    command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the process that ends the server starts");
}

fn opened(path: &Path) -> File {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.unwrap_or_else(|error| panic!("{} cannot be opened: {error}", path.display()))
}
