//! What is exported: events, with values left out where that is wanted, and the manifest that vouches for the file.

mod hashing;
mod manifest;
mod record;
mod redaction;

pub use hashing::{Digest, HashingWriter};
pub use manifest::Manifest;
pub use record::ExportRecord;
pub use redaction::{Redaction, Redactions, redaction};
