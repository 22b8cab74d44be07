use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::write::write_segments;
use crate::errors::Result;
use crate::tail::Tail;

/// So long a disk that fails or is full is left alone.
const RETRY_AFTER: Duration = Duration::from_millis(500);

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
            // The truth is safe and the tail still answers; what was not written is in the next batch again.
            Err(error) => {
                tracing::warn!(%error, "the index cannot be written now and stays behind");
                if !tail.pause_indexing(error, RETRY_AFTER) {
                    return;
                }
            }
        }
    }
}
