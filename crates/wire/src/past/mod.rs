//! The past of an aggregate: states, what changed them, and the events that did.

mod change;
mod event_ref;
mod leaf;
mod state;
mod step;
mod timeline;
mod undo;
mod value;

pub use change::{ChangeRow, write_changes_json};
pub use event_ref::write_event_refs;
pub use leaf::LeafRow;
pub use state::{Explained, StateRow};
pub use step::StepRow;
pub use timeline::TimelineRow;
pub use undo::UndoAnswer;
pub use value::compact;
