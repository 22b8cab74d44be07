//! The store of a team: one provable log in one PostgreSQL schema, written by any number of processes.
//!
//! The events stand in one table, partitioned into blocks of positions; a trigger on every partition refuses to
//! change them. All appends of a process that wait at a moment travel as one statement, which is a transaction:
//! it passes a gate, the head's row, only if nobody has written since the checks were made. The head's row makes
//! the order, so that any number of processes may share a log.
//!
//! There is no signing here and no decision about what to prove: that is `annals-proof`. No lock outlives its
//! transaction.

mod bookkeeping;
mod clock;
mod connection;
mod errors;
mod inspect;
mod migrate;
mod options;
mod payload_path;
mod reader;
mod row;
mod schema_name;
mod sql;
mod store;
mod tail;
mod uuid;
mod writer;

pub use connection::{InvalidLocation, PostgresLocation};
pub use migrate::Migration;
pub use options::{ContainsIndex, OlderFormat, PostgresOptions};
pub use schema_name::SchemaName;
pub use store::PostgresEventStore;
