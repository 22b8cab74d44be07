use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::write::write_segments;
use crate::errors::Result;
use crate::tail::Tail;

/// The thread that moves the tail into the index, behind the commits.
pub(crate) struct Indexer {
    tail: Arc<Tail>,
    thread: Option<JoinHandle<()>>,
}

impl Indexer {
    /// Starts indexing.
    pub(crate) fn start(tail: Arc<Tail>, index: Connection) -> Result<Self> {
        let shared = Arc::clone(&tail);
        let thread = std::thread::Builder::new()
            .name("annals-indexer".into())
            .spawn(move || run(&shared, index))
            .map_err(|error| annals_store::StoreError::Unavailable {
                reason: format!("the indexer's thread cannot be started: {error}"),
                source: None,
            })?;
        Ok(Self { tail, thread: Some(thread) })
    }

    /// Waits until everything is indexed, and ends.
    pub(crate) fn finish(&mut self) {
        self.tail.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the indexer's thread panicked; the index is rebuilt when the store is opened");
        }
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.finish();
    }
}

fn run(tail: &Tail, mut index: Connection) {
    while let Some(segments) = tail.next_batch() {
        match write_segments(&mut index, &segments.iter().map(Arc::as_ref).collect::<Vec<_>>()) {
            Ok(mark) => tail.drop_indexed(mark),
            Err(error) => {
                // The truth is safe and the tail still answers; the next opening catches up.
                tracing::error!(%error, "the index cannot be written and stays behind until the store is opened again");
                tail.give_up_indexing(error);
                return;
            }
        }
    }
}
