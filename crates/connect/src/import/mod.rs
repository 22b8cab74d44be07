//! source → decode → map → check → append → report; what cannot be stored → dead letters.

mod batch;
mod feed;
mod jq_mapper;
mod mapper;
mod report;
mod settle;

use std::io::{Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use annals_store::EventStore;
use tokio::sync::mpsc;

use crate::error::ImportError;
use crate::mapping::Mapping;
use crate::record::{DecodeError, Format};
use crate::source_name::SourceName;
use crate::validate::Validate;
use feed::{Fed, feed};
use mapper::Door;
pub use report::{ImportReport, Progress};
use settle::Settler;

/// Batches that are mapped and wait to be appended, besides the one that is being appended and the one that is
/// being mapped.
const BATCHES_WAITING: usize = 1;

/// What is imported, and how.
#[derive(Clone)]
pub struct Import {
    /// What the source is called in ids, contexts and dead letters.
    pub source: SourceName,
    /// How its records are written.
    pub format: Format,
    /// How records become events.
    pub mapping: Mapping,
    /// What events must pass before they are appended.
    pub checks: Vec<Arc<dyn Validate>>,
}

impl Import {
    /// An import without further checks.
    #[must_use]
    pub fn new(source: SourceName, format: Format, mapping: Mapping) -> Self {
        Self { source, format, mapping, checks: Vec::new() }
    }

    /// Reads `input` to its end and appends the events of its records, in the order of the records and in constant
    /// memory; each record's events are one append. What cannot be stored goes to `dead_letters` (see
    /// [`DeadLetter::write_json_line`](crate::DeadLetter::write_json_line)), and the rest is imported.
    ///
    /// It may be repeated, also after the source grew: only what is new is appended. Reading and mapping happen on a
    /// thread of their own, which ends with the import, also when the future is dropped.
    ///
    /// # Errors
    /// [`ImportError`] when the source, the store or `dead_letters` fail; what was done until then stays done.
    pub async fn run(
        self,
        input: impl Read + Send + 'static,
        store: &dyn EventStore,
        dead_letters: &mut (dyn Write + Send),
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<ImportReport, ImportError> {
        let started = Instant::now();
        let Self { source: name, format, mapping, checks } = self;
        let mut settler = Settler::new(store, dead_letters, name.clone());
        let door = Door { source: name.clone(), checks };
        let (sender, mut receiver) = mpsc::channel(BATCHES_WAITING);
        thread::Builder::new()
            .name("import".into())
            .spawn(move || feed(input, format, mapping, door, &sender))
            .map_err(|source| ImportError::Read { name: name.clone(), line: 0, source })?;
        let outcome = loop {
            match receiver.recv().await {
                Some(Fed::Batch(batch)) => {
                    if let Err(error) = settler.settle(batch.records).await {
                        break Err(error);
                    }
                    let (records, events) = (settler.report.read, settler.report.events());
                    progress(Progress { bytes_read: batch.bytes_read, records, events });
                }
                Some(Fed::End) => break Ok(()),
                Some(Fed::Unreadable { line, error }) => break Err(unreadable(name, line, error)),
                Some(Fed::Unmappable(source)) => {
                    break Err(ImportError::Worker { name, line: settler.line, source });
                }
                None => break Err(ImportError::ReaderLost { name, line: settler.line }),
            }
        };
        settler.report.took(started.elapsed());
        // The dead letters so far must not get lost with an error, but the error is what matters then.
        let flushed = settler.flush();
        outcome?;
        flushed?;
        Ok(settler.report)
    }
}

fn unreadable(name: SourceName, line: u64, error: DecodeError) -> ImportError {
    match error {
        DecodeError::Read(source) => ImportError::Read { name, line, source },
        DecodeError::Header { line, reason } => ImportError::Header { name, line, reason },
    }
}
