use annals_store::{Append, Appended, StoreError};

use super::SqliteEventStore;
use super::open::Writing;
use crate::errors::{Result, closed, of_log};
use crate::files::LogFiles;
use crate::writer::Incoming;

impl SqliteEventStore {
    /// Appends on this thread, for callers that may block. Where nobody else appends, this is faster than
    /// [`EventStore::append`]: no other thread has to wake up.
    ///
    /// # Errors
    /// As [`EventStore::append`].
    ///
    /// # Panics
    /// Inside a task of an asynchronous runtime, which must not block.
    pub fn append_blocking(&self, append: Append) -> Result<Appended> {
        let (writing, prepared) = match self.prepare(vec![append]) {
            Ok(prepared) => prepared,
            Err(mut refused) => return refused.pop().unwrap_or_else(|| Err(closed())),
        };
        let written = writing.writer.append_blocking(prepared.incoming);
        prepared.refused.answers(written, &self.shared.files).pop().unwrap_or_else(|| Err(closed()))
    }

    /// Does what can be done before the writer's turn; the verdicts, where nothing is left to be written.
    pub(super) fn prepare(
        &self,
        appends: Vec<Append>,
    ) -> std::result::Result<(&Writing, Prepared), Vec<Result<Appended>>> {
        let writing = match self.shared.writing() {
            Ok(writing) => writing,
            Err(error) => return Err(appends.iter().map(|_| Err(error.clone())).collect()),
        };
        let mut refused = Refused(Vec::with_capacity(appends.len()));
        let mut incoming = Vec::with_capacity(appends.len());
        for append in appends {
            let prepared = writing.preparer.prepare(append);
            refused.0.push(
                prepared.map(|append| incoming.push(Incoming::new(append, &writing.payload_paths))).err(),
            );
        }
        if incoming.is_empty() {
            return Err(refused.answers(Ok(Vec::new()), &self.shared.files));
        }
        Ok((writing, Prepared { incoming, refused }))
    }
}

/// Appends that are ready for the writer, and those that never are.
pub(super) struct Prepared {
    pub(super) incoming: Vec<Incoming>,
    pub(super) refused: Refused,
}

/// For each append of a call why it was refused at the door, if it was.
pub(super) struct Refused(Vec<Option<StoreError>>);

impl Refused {
    /// The answers to all appends in their order, given the writer's verdicts on those that it got.
    pub(super) fn answers(
        self,
        written: Result<Vec<Result<Appended>>>,
        files: &LogFiles,
    ) -> Vec<Result<Appended>> {
        let mut written = written.map(Vec::into_iter);
        let mut next = || match &mut written {
            Ok(written) => written.next().unwrap_or_else(|| Err(closed())),
            Err(error) => Err(error.clone()),
        };
        let named = of_log(files);
        self.0.into_iter().map(|refused| refused.map_or_else(&mut next, Err).map_err(&named)).collect()
    }
}
