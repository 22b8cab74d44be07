//! Whoever ends a server that nobody uses any more, however its users ended: a small shell process that waits until
//! nobody holds the lock of the server's users.

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binaries::{folder as binaries, is_root};

/// What the process does: $1 the lock of the server's users, $2 its own lock, $3 the server's folder, $4 the programs'
/// folder, $5 how many seconds it waits for further users, and then what runs a program as the server's user.
const SCRIPT: &str = r#"
exec 8>"$2"; flock --nonblock 8 || exit 0
users=$1; folder=$3; programs=$4; grace=$5; shift 5
while [ -d "$folder" ]; do
  flock --exclusive "$users" true
  sleep "$grace"
  exec 9>"$users"
  if flock --exclusive --nonblock 9; then
    "$@" "$programs/pg_ctl" stop --mode immediate --silent --pgdata "$folder/data"
    rm -rf "$folder"
    exit 0
  fi
  exec 9>&-
done
"#;

/// Whom it watches, and how it ends a server.
pub(crate) struct Warden<'a> {
    /// The file on which each user of the server holds a shared lock.
    pub(crate) users: &'a Path,
    /// The file on which it holds a lock itself, so that there is one at a time.
    pub(crate) own_lock: &'a Path,
    /// The server's folder, which goes with it.
    pub(crate) folder: &'a Path,
    /// How long it waits for further users.
    pub(crate) grace_seconds: u32,
}

impl Warden<'_> {
    /// Sets it on its watch.
    #[expect(
        clippy::zombie_processes,
        reason = "it outlives this process, which therefore cannot wait for it"
    )]
    pub(crate) fn set(&self) {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "annals-test-postgres"]);
        command
            .args([self.users, self.own_lock, self.folder, binaries()])
            .arg(self.grace_seconds.to_string());
        command.args(if is_root() { &["runuser", "-u", "postgres", "--"][..] } else { &["env"][..] });
        // It outlives this process, also where a terminal ends it with all its group.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the process that ends the server starts");
    }
}

/// A file that is locked.
pub(crate) fn opened(path: &Path) -> File {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.unwrap_or_else(|error| panic!("{} cannot be opened: {error}", path.display()))
}
