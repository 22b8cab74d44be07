//! Real PostgreSQL servers for tests: found or installed, started, shared and stopped.
//!
//! [`shared_server`] is one server for all tests of a machine's user, over all test binaries of a run; each test
//! takes a schema of its own in it. [`Cluster`] is a server of one test's own, for tests that stop it.
//!
//! Nothing is skipped in silence: where no server can be had, the test fails and says why. There is no client
//! here; tests speak to the server through what they test.

// Servers are found, started and ended by the means of Unix.
#![cfg(unix)]

mod binaries;
mod cluster;
mod maven;
mod shared;
mod warden;

use std::sync::atomic::{AtomicU64, Ordering};

pub use cluster::{Cluster, Shutdown};
pub use shared::shared_server;

/// The user who may do everything, as whom tests connect.
pub const SUPERUSER: &str = "annals";

/// The superuser's password, which the server asks for over TCP.
pub const PASSWORD: &str = "only-for-tests";

/// A name for a schema that no other test of this machine has.
#[must_use]
pub fn fresh_schema_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("t{:x}_{:x}_{number}", since_epoch.as_micros(), std::process::id())
}

/// The URL of a log: a schema of the database that `server` names.
#[must_use]
pub fn log_url(server: &str, schema: &str) -> String {
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}schema={schema}")
}
