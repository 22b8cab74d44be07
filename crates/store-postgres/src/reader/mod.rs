//! Reading: pages of answers by position, and the tree.
//!
//! The database finds what may match, in the order of reading; whether an event matches is decided here, by the
//! definition that all stores share.

mod filter;
mod find;
mod ids;
mod page;
mod tree;

#[cfg(unix)]
#[cfg(test)]
pub(crate) use filter::every_statement;
pub(crate) use ids::{are_unknown, events_with_ids, position_of};
pub(crate) use page::{first_match, known_size, read_page};
pub(crate) use tree::{hashes, with_hashes};
