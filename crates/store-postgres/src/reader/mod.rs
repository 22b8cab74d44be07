//! Reading: pages of answers by position, and the tree.
//!
//! The database finds what may match, in the order of reading; whether an event matches is decided here, by the
//! definition that all stores share.

mod asked;
mod filter;
mod find;
mod gather;
mod gathered;
mod ids;
mod page;
mod statement;
mod tree;

pub(crate) use ids::{are_unknown, events_with_ids, position_of};
pub(crate) use page::{first_match, known_size, read_page};
#[cfg(unix)]
#[cfg(test)]
pub(crate) use statement::every_statement;
pub(crate) use tree::{hashes, with_hashes};
