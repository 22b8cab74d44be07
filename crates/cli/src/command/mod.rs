//! The commands, one file each.

pub(crate) mod aggregates;
pub(crate) mod append;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod checkpoint;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod jq_worker;
pub(crate) mod key;
pub(crate) mod migrate;
pub(crate) mod receipt;
pub(crate) mod recover;
pub(crate) mod repair;
pub(crate) mod restore;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod tail;
pub(crate) mod tiles;
pub(crate) mod verify;
