//! What this crate promises, tried on the reference store and on copies of it that somebody altered.

mod altered_store;
mod key_files;
mod log;
mod predecessors;
mod receipts;
mod rotation;
mod signing;
mod signing_model;
mod signing_tasks;
mod tiles;
mod verification;
