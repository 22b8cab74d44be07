//! The past of one aggregate: its events, its states, what changed them and what would undo it.

mod blame;
mod diff;
mod events;
mod replay;
mod snapshots;
mod state;
mod timeline;
mod undo;

pub(crate) use blame::*;
pub(crate) use diff::*;
pub(crate) use events::*;
pub(crate) use replay::*;
pub(crate) use snapshots::*;
pub(crate) use state::*;
pub(crate) use timeline::*;
pub(crate) use undo::*;
