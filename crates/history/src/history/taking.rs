//! The taking of snapshots that are due.

use std::time::{Duration, Instant};

use annals_event::{StreamName, StreamVersion};
use annals_store::{Snapshot, StreamFilter};

use super::History;
use crate::error::HistoryError;
use crate::fold::Prepared;
use crate::pace::Rest;
use crate::snapshot::StoredState;
use crate::stream::Extent;

/// Snapshots are kept in turns of so many, or so many bytes, so that nobody who appends waits long.
const TURN_SNAPSHOTS_MAX: usize = 64;
const TURN_BYTES_MAX: usize = 1 << 20;

/// So many names of aggregates are read at a time.
const NAMES_AHEAD: usize = 1_000;

/// What became of the snapshots that were due.
#[derive(Debug, Default)]
pub struct SnapshotRun {
    /// How many were taken.
    pub taken: u64,
    /// How many aggregates could not be folded to their last event.
    pub failed: u64,
    /// Why the first of them could not.
    pub first_failure: Option<HistoryError>,
}

impl History {
    /// Takes all snapshots that are due and were not taken, for instance at the end of an import. An aggregate that
    /// cannot be folded is passed over.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn take_due_snapshots(&self) -> Result<SnapshotRun, HistoryError> {
        self.take_all_due(Rest::NONE).await
    }

    /// The same with rests.
    pub(crate) async fn take_all_due(&self, rest: Rest) -> Result<SnapshotRun, HistoryError> {
        let (filter, mut after, mut taking) = (StreamFilter::default(), None, Taking::new(self, rest));
        loop {
            let streams = self.store.streams(&filter, after.as_ref(), NAMES_AHEAD).await?;
            let is_last = streams.len() < NAMES_AHEAD;
            for summary in &streams {
                taking.take(&summary.stream, summary.version).await?;
            }
            match streams.into_iter().next_back() {
                Some(last) if !is_last => after = Some(last.stream),
                _ => return taking.finish().await,
            }
        }
    }
}

/// Takes snapshots of one stream after the other, and keeps those of several together.
pub(crate) struct Taking<'a> {
    history: &'a History,
    rest: Rest,
    /// How long it has not rested although it should.
    owed: Duration,
    /// When the piece of work began that is under way.
    began: Instant,
    /// Taken, and not kept yet.
    turn: Vec<Snapshot>,
    run: SnapshotRun,
}

impl<'a> Taking<'a> {
    pub(crate) fn new(history: &'a History, rest: Rest) -> Self {
        let (owed, began) = (Duration::ZERO, Instant::now());
        Self { history, rest, owed, began, turn: Vec::new(), run: SnapshotRun::default() }
    }

    /// Takes the snapshots of one stream that are due up to a version.
    pub(crate) async fn take(
        &mut self,
        stream: &StreamName,
        head: StreamVersion,
    ) -> Result<(), HistoryError> {
        let interval = self.history.engine.rules.snapshot_interval(&stream.aggregate_type).get();
        let extent = Extent { version: StreamVersion(head.0 - head.0 % interval), timestamp: None };
        if extent.version.0 == 0 {
            return Ok(());
        }
        self.began = Instant::now();
        let start = self.history.nearest(stream, extent).await?;
        if start.as_ref().is_some_and(|stored| stored.last.version == extent.version) {
            self.rest().await;
            return Ok(());
        }
        match self.fold_through(stream, extent, start, interval).await {
            Err(error @ HistoryError::Store(_)) => return Err(error),
            Err(error) => {
                self.run.failed += 1;
                self.run.first_failure.get_or_insert(error);
            }
            Ok(()) => {}
        }
        self.rest().await;
        Ok(())
    }

    /// Keeps what is not kept yet.
    pub(crate) async fn finish(mut self) -> Result<SnapshotRun, HistoryError> {
        self.keep().await?;
        Ok(self.run)
    }

    /// Folds a stream on from `start`, and takes a snapshot at every multiple of `interval`.
    async fn fold_through(
        &mut self,
        stream: &StreamName,
        extent: Extent,
        start: Option<StoredState>,
        interval: u64,
    ) -> Result<(), HistoryError> {
        let history = self.history;
        let mut fold = history.fold(stream, start);
        let behind = fold.last.as_ref().map(|last| (last.version, last.position));
        let size = history.store.head().await?.size;
        let mut reader = extent.reader(&*history.store, stream.clone(), behind, size);
        while let Some(events) = reader.next_page().await? {
            let Prepared { ready, failure } = fold.prepare(events).await;
            for events in ready.chunk_by(|ready, _| ready.event.version.0 % interval != 0) {
                fold.fold(events).await?;
                if fold.version().0.is_multiple_of(interval) {
                    self.turn.extend(history.snapshot_of(stream, &fold));
                }
                if self.is_turn_full() {
                    self.keep().await?;
                    self.rest().await;
                }
            }
            failure.map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    fn is_turn_full(&self) -> bool {
        let bytes: usize = self.turn.iter().map(|snapshot| snapshot.state.as_str().len()).sum();
        self.turn.len() >= TURN_SNAPSHOTS_MAX || bytes >= TURN_BYTES_MAX
    }

    async fn keep(&mut self) -> Result<(), HistoryError> {
        let count = self.turn.len() as u64;
        if count > 0 {
            self.history.store.keep_snapshots(std::mem::take(&mut self.turn)).await?;
            self.run.taken += count;
        }
        Ok(())
    }

    /// The piece of work that is under way is done.
    async fn rest(&mut self) {
        self.rest.after(self.began.elapsed(), &mut self.owed).await;
        self.began = Instant::now();
    }
}
