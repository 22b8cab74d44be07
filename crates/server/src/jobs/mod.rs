//! Work that takes longer than a request: exports and verifications. It is done in the background, at most so much at a time,
//! says how far it is, and keeps what came of it for a while.

mod document;
mod export;
mod job;
mod registry;
mod stored_file;
mod verification;

pub(crate) use document::{Outcome, document};
pub(crate) use export::{ExportOrder, Exported, export_page};
pub(crate) use job::Job;
pub(crate) use registry::Jobs;
pub(crate) use verification::{Verified, verification};
