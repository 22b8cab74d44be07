//! The one thread that writes the truth: whatever waits shares a transaction and its sync to disk.

mod checkpointer;
mod checks;
mod heads;
mod thread;
mod turn;

pub(crate) use checkpointer::Checkpointer;
pub(crate) use checks::cursor;
pub(crate) use thread::{WriterHandle, WriterParts};
pub(crate) use turn::LogEnd;
