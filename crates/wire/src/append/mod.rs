//! Appends: what comes in, and what was recorded.

mod appended;
mod event;

pub use appended::{AppendedRow, read_back, write_appended};
pub use event::{Arrival, ForeignContext, event_in_form, new_event};
