//! The formats and proofs of `annals-tlog` against specifications, published vectors and other
//! people's code.

mod checkpoints;
mod entry;
mod fixture;
mod naive;
mod notes;
mod parsers;
mod receipts;
mod stored_tree;
mod tiles;
mod tree;
mod vectors;
