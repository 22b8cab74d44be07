//! What only a PostgreSQL store does: its server, its tables, its connections, and several processes on one log.

// A server for tests is to be had on Unix only.
#![cfg(unix)]

mod append_only;
mod contents;
mod cuts;
mod inspection;
mod logs;
mod opening;
mod outage;
mod payload_paths;
mod plans;
mod processes;
mod proxy;
mod replica;
mod sealing;
mod sharing;
mod signing;
mod subscriptions;
mod tls;
