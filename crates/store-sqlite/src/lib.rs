//! The embedded store: one provable log in one SQLite file, with a disposable index beside it.
//!
//! `annals.db` is the truth and the only durable path; `annals.db-index` answers look-ups and is rebuilt
//! from the truth whenever it is missing, foreign or damaged. What is committed but not indexed yet stands
//! in a bounded tail in memory that every answer includes. One process writes a log, any number read it.
//!
//! There is no signing here and no decision about what to prove: that is `annals-proof`.

mod backup;
mod bookkeeping;
mod catalog;
mod errors;
mod files;
mod format;
mod index;
mod inspect;
mod lock;
mod migrate;
mod options;
mod reader;
mod row;
mod schema;
mod sql;
mod store;
mod tail;
mod term;
mod writer;

pub use backup::{Existing, Restoration, UnnamedCopy};
pub use migrate::Migration;
pub use options::SqliteOptions;
pub use store::SqliteEventStore;
