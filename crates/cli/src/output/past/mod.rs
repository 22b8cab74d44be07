//! How the past of an aggregate is printed: states, what changed them, and the events that did.

mod annotated;
mod change;
mod elapsed;
mod event_ref;
mod story;
mod value;

pub(crate) use annotated::write_annotated;
pub(crate) use change::{ChangeRow, write_changes, write_changes_json};
pub(crate) use elapsed::elapsed;
pub(crate) use event_ref::{EventPlace, write_event_refs};
pub(crate) use story::{Story, Telling, TimelineRow};
pub(crate) use value::{clipped, compact, indented};
