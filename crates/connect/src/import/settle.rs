use annals_store::{Append, Appended, EventStore, StoreError};

use super::batch::{Batch, Mapped};
use super::report::{ImportReport, Progress};
use super::under_way::Answer;
use crate::dead_letter::DeadLetter;
use crate::dead_letter_sink::DeadLetterSink;
use crate::error::ImportError;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::source_name::SourceName;

/// Counts what became of batch after batch, and keeps the dead letters.
pub(super) struct Settler<'a> {
    dead_letters: &'a mut dyn DeadLetterSink,
    source: SourceName,
    pub(super) report: ImportReport,
    /// The last line that is settled, as all before it are.
    pub(super) line: u64,
}

/// A batch whose appends were handed to the store.
pub(super) struct AppendedBatch {
    records: Vec<Awaiting>,
    /// Bytes of the records' texts.
    bytes: usize,
    bytes_read: u64,
}

impl AppendedBatch {
    #[cfg(test)]
    pub(super) fn without_records(bytes: usize) -> Self {
        Self { records: Vec::new(), bytes, bytes_read: 0 }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// A record that waits for its verdict.
enum Awaiting {
    Verdict(Record),
    Nothing(Mapped),
}

/// Hands the events of a batch to the store, each record's as one append.
pub(super) fn append(store: &dyn EventStore, batch: Batch) -> (AppendedBatch, Answer<'_>) {
    let mut appends = Vec::with_capacity(batch.records.len());
    let mut records = Vec::with_capacity(batch.records.len());
    let mut bytes = 0;
    for mapped in batch.records {
        records.push(match mapped {
            Mapped::Events { record, events } if !events.is_empty() => {
                bytes += record.text.len();
                appends.push(Append { events, ..Append::default() });
                Awaiting::Verdict(record)
            }
            settled => Awaiting::Nothing(settled),
        });
    }
    let answer = if appends.is_empty() {
        Box::pin(std::future::ready(Vec::new()))
    } else {
        store.append_each(appends)
    };
    (AppendedBatch { records, bytes, bytes_read: batch.bytes_read }, answer)
}

impl<'a> Settler<'a> {
    pub(super) fn new(dead_letters: &'a mut dyn DeadLetterSink, source: SourceName) -> Self {
        let report = ImportReport::new(source.as_str().to_owned());
        Self { dead_letters, source, report, line: 0 }
    }

    /// Settles every record of a batch in its order; how far the import is then.
    pub(super) async fn settle(
        &mut self,
        batch: AppendedBatch,
        verdicts: Vec<Result<Appended, StoreError>>,
    ) -> Result<Progress, ImportError> {
        let mut verdicts = verdicts.into_iter();
        for waiting in batch.records {
            match waiting {
                Awaiting::Nothing(mapped) => self.settle_without_events(mapped).await?,
                Awaiting::Verdict(record) => self.settle_with(record, verdicts.next()).await?,
            }
        }
        let (records, events) = (self.report.read, self.report.events());
        Ok(Progress { bytes_read: batch.bytes_read, records, events })
    }

    /// Writes out whatever a sink still holds back.
    pub(super) async fn flush(&mut self) -> Result<(), ImportError> {
        self.dead_letters.settle().await.map_err(|source| ImportError::DeadLetters {
            name: self.source.clone(),
            line: self.line,
            source,
        })
    }

    async fn settle_without_events(&mut self, mapped: Mapped) -> Result<(), ImportError> {
        match mapped {
            Mapped::Refused { line, bytes, refusal } => self.refuse(line, bytes, refusal).await,
            Mapped::Events { record, .. } => {
                self.report.skipped += 1;
                self.note(record.line);
                Ok(())
            }
        }
    }

    async fn settle_with(
        &mut self,
        record: Record,
        verdict: Option<Result<Appended, StoreError>>,
    ) -> Result<(), ImportError> {
        let unanswered =
            || Err(StoreError::Unavailable { reason: "the store gave no answer".into(), source: None });
        match verdict.unwrap_or_else(unanswered) {
            Ok(appended) => {
                let events = appended.events.len() as u64;
                match appended.repeated {
                    true => self.report.repeated += events,
                    false => self.report.appended += events,
                }
                self.note(record.line);
                Ok(())
            }
            Err(error) => match Refusal::from_store(error) {
                Ok(refusal) => self.refuse(record.line, record.text.into_bytes(), refusal).await,
                Err(source) => {
                    let report = Box::new(self.report.clone());
                    Err(ImportError::Store { line: self.line, report, source })
                }
            },
        }
    }

    async fn refuse(&mut self, line: u64, record: Vec<u8>, refusal: Refusal) -> Result<(), ImportError> {
        let letter = DeadLetter { source: self.source.clone(), line, refusal, record };
        self.dead_letters.keep(letter).await.map_err(|source| ImportError::DeadLetters {
            name: self.source.clone(),
            line: self.line,
            source,
        })?;
        self.report.rejected += 1;
        self.note(line);
        Ok(())
    }

    fn note(&mut self, line: u64) {
        self.report.read += 1;
        self.line = line;
    }
}
