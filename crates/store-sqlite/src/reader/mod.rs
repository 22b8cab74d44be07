//! Short reads over truth, index and tail.

mod candidates;
mod moment;
mod page;
mod plan;
mod postings;
mod tree;
mod truth;
mod zones;

pub(crate) use page::{Begun, begin_page, first_match, is_short, read_page};
pub(crate) use plan::{Connections, Sources};
pub(crate) use postings::Postings;
pub(crate) use tree::TreeReader;
pub(crate) use truth::{event_at, events_between, position_of};
