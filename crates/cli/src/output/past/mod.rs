//! How the past of an aggregate is printed: states, what changed them, and the events that did.

mod annotated;
mod change;
mod elapsed;
mod event_ref;
mod story;
mod value;

pub(crate) use annotated::write_annotated;
pub(crate) use change::write_changes;
pub(crate) use elapsed::elapsed;
pub(crate) use event_ref::EventPlace;
pub(crate) use story::{Story, Telling};
pub(crate) use value::{clipped, indented};
