//! The one thread that writes the truth: whatever waits shares a transaction and its sync to disk.

mod backlog;
mod checkpointer;
mod checks;
mod handle;
mod heads;
mod incoming;
mod new_ids;
mod turn;
mod turns;

pub(crate) use backlog::WalBacklog;
pub(crate) use checkpointer::Checkpointer;
pub(crate) use checks::cursor;
pub(crate) use handle::WriterHandle;
pub(crate) use incoming::Incoming;
pub(crate) use turn::LogEnd;
pub(crate) use turns::{Writer, WriterParts};
