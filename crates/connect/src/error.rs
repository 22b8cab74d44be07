use std::io;

use annals_jq::WorkerError;
use annals_store::StoreError;

use crate::import::ImportReport;
use crate::source_name::SourceName;

/// Why an import stopped. What was stored before stays stored, and the import may be repeated as it was:
/// what is there already is not stored twice.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A source has no usable name.
    #[error("{name:?} cannot be the name of a source; name it with characters that can be printed")]
    SourceName {
        /// The name.
        name: String,
    },
    /// No preset has this name.
    #[error("there is no mapping preset {name:?}; choose one of {allowed}, or give a file with a jq program")]
    UnknownPreset {
        /// The name.
        name: String,
        /// The presets.
        allowed: String,
    },
    /// The source cannot be read further.
    #[error(
        "{name} cannot be read behind line {line}: {source}; what came before is imported, and repeating is safe"
    )]
    Read {
        /// The source.
        name: SourceName,
        /// The last line that was read, 0 when none was.
        line: u64,
        /// Why not.
        source: io::Error,
    },
    /// The header of a CSV source cannot be used, so that no row has a meaning.
    #[error("{name}:{line}: the header of the CSV {reason}")]
    Header {
        /// The source.
        name: SourceName,
        /// The header's line.
        line: u64,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The process that runs a jq mapping cannot go on.
    #[error(
        "{name} cannot be mapped behind line {line}: {source}; what came before is imported, and repeating is safe"
    )]
    Worker {
        /// The source.
        name: SourceName,
        /// The last line that was settled.
        line: u64,
        /// Why not.
        source: WorkerError,
    },
    /// Dead letters cannot be written, and none may get lost.
    #[error(
        "the dead letters of {name} cannot be written: {source}; everything up to line {line} is settled, and repeating is safe"
    )]
    DeadLetters {
        /// The source.
        name: SourceName,
        /// The last line that was stored, skipped or written as a dead letter.
        line: u64,
        /// Why not.
        source: io::Error,
    },
    /// The store cannot take events any more.
    #[error(
        "the import of {} stopped behind line {line} with {} events appended: {source}; repeating it is safe, what is stored is not stored twice",
        report.source, report.appended
    )]
    Store {
        /// The last line that was settled together with all lines before it.
        line: u64,
        /// What was done until then.
        report: Box<ImportReport>,
        /// What the store said.
        source: StoreError,
    },
    /// The thread that reads and maps ended without saying why.
    #[error(
        "reading and mapping {name} ended unexpectedly behind line {line}; repeating is safe, and please report this"
    )]
    ReaderLost {
        /// The source.
        name: SourceName,
        /// The last line that was settled.
        line: u64,
    },
}
