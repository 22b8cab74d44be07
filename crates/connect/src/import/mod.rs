//! source → decode → map → check → append → report; what cannot be stored → dead letters.

mod batch;
mod feed;
mod jq_mapper;
mod mapper;
mod report;
mod settle;
mod under_way;

use std::io::Read;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use annals_store::EventStore;
use tokio::sync::mpsc;

use crate::dead_letter_sink::DeadLetterSink;
use crate::error::ImportError;
use crate::mapping::Mapping;
use crate::record::{DecodeError, Format};
use crate::source_name::SourceName;
use crate::validate::Validate;
use feed::{Fed, feed};
use mapper::Door;
pub use report::{ImportReport, Progress};
use settle::{Settler, append};
use under_way::UnderWay;

/// Batches that are mapped and wait for room among those under way.
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
    /// memory; each record's events are one append. What cannot be stored goes to `dead_letters`, and the rest
    /// is imported.
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
        dead_letters: &mut dyn DeadLetterSink,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<ImportReport, ImportError> {
        let started = Instant::now();
        let Self { source: name, format, mapping, checks } = self;
        let mut settler = Settler::new(dead_letters, name.clone());
        let door = Door { source: name.clone(), checks };
        let (sender, mut receiver) = mpsc::channel(BATCHES_WAITING);
        thread::Builder::new()
            .name("import".into())
            .spawn(move || feed(input, format, mapping, door, &sender))
            .map_err(|source| ImportError::Read { name: name.clone(), line: 0, source })?;
        let mut under_way = UnderWay::new();
        let mut end = None;
        let outcome = loop {
            tokio::select! {
                // What was handed over goes on before more is taken.
                biased;
                (batch, verdicts) = under_way.next(), if !under_way.is_empty() => {
                    match settler.settle(batch, verdicts).await {
                        Ok(settled) => progress(settled),
                        Err(error) => break Err(error),
                    }
                }
                fed = receiver.recv(), if end.is_none() && under_way.has_room() => match fed {
                    Some(Fed::Batch(batch)) => {
                        let (batch, answer) = append(store, batch);
                        under_way.push(batch, answer);
                    }
                    last => end = Some(last),
                },
                else => break ended(end.flatten(), name, settler.line),
            }
        };
        settler.report.took(started.elapsed());
        // The dead letters so far must not get lost with an error, but the error is what matters then.
        let flushed = settler.flush().await;
        outcome?;
        flushed?;
        Ok(settler.report)
    }
}

/// What the last word of the thread that reads and maps means for the import.
fn ended(last: Option<Fed>, name: SourceName, line: u64) -> Result<(), ImportError> {
    match last {
        Some(Fed::End) => Ok(()),
        Some(Fed::Unreadable { line, error }) => Err(unreadable(name, line, error)),
        Some(Fed::Unmappable(source)) => Err(ImportError::Worker { name, line, source }),
        Some(Fed::Batch(_)) | None => Err(ImportError::ReaderLost { name, line }),
    }
}

fn unreadable(name: SourceName, line: u64, error: DecodeError) -> ImportError {
    match error {
        DecodeError::Read(source) => ImportError::Read { name, line, source },
        DecodeError::Header { line, reason } => ImportError::Header { name, line, reason },
    }
}
