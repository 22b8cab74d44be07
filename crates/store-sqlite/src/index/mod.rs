//! The index file: its rows, how they are written in batches, and whether it can be believed.

mod batch;
mod block;
mod gaps;
mod indexer;
mod mark;
mod payload_key;
mod seal;
mod write;

pub(crate) use block::{block_of, first_of_block};
pub(crate) use gaps::read_gaps;
pub(crate) use indexer::Indexer;
pub(crate) use mark::{
    BesideLog, Mark, create, indexed_paths, open_for_reading, open_for_writing, read_mark,
};
pub(crate) use payload_key::payload_key;
pub(crate) use seal::{IndexSeal, Trust};
pub(crate) use write::catch_up;
