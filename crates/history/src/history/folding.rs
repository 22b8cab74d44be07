//! From the events of an extent to a state, beginning at a snapshot where one serves.

use std::sync::Arc;

use annals_event::{StreamName, StreamVersion};

use super::History;
use crate::ahead::Ahead;
use crate::error::HistoryError;
use crate::fold::{Fold, Prepared, ReadyEvent, Stretch};
use crate::snapshot::StoredState;
use crate::state_at::Source;
use crate::stream::{Extent, Recent};

/// How far a state is when it is known where it begins.
pub(super) enum Beginning {
    /// The events that are missing are here.
    Here(Stretch),
    /// They must be read, in a log of this size.
    Far { fold: Fold, extent: Extent, size: u64 },
}

impl History {
    /// Folds the events of an extent, from the nearest snapshot on that serves.
    pub(super) async fn fold_extent(
        &self,
        stream: &StreamName,
        extent: Extent,
        recent: Recent,
    ) -> Result<(Fold, Source), HistoryError> {
        let (beginning, source) = self.begin(stream, extent, recent).await?;
        Ok((self.finish(beginning).await?, source))
    }

    /// Finds where the fold of an extent begins.
    pub(super) async fn begin(
        &self,
        stream: &StreamName,
        extent: Extent,
        recent: Recent,
    ) -> Result<(Beginning, Source), HistoryError> {
        let start = if recent.is_all { None } else { self.nearest(stream, extent).await? };
        let source = start.as_ref().map_or(Source::Replay, |stored| Source::Snapshot(stored.last.version));
        let state_bytes = start.as_ref().map_or(0, |stored| stored.bytes);
        let (fold, size) = (self.fold(stream, start), recent.size);
        let beginning = match recent.behind(fold.version()) {
            Some(mut events) => {
                events.retain(|event| extent.contains(event));
                Beginning::Here(Stretch { fold, events, state_bytes })
            }
            None => Beginning::Far { fold, extent, size },
        };
        Ok((beginning, source))
    }

    /// Folds what is missing.
    pub(super) async fn finish(&self, beginning: Beginning) -> Result<Fold, HistoryError> {
        match beginning {
            Beginning::Here(Stretch { mut fold, events, .. }) => {
                let ready = fold.prepare(events).await.all()?;
                fold.fold(&ready).await?;
                Ok(fold)
            }
            Beginning::Far { mut fold, extent, size } => {
                let mut ready = self.ready(&fold, extent, size);
                while let Some(events) = ready.next().await? {
                    fold.fold(&events).await?;
                }
                Ok(fold)
            }
        }
    }

    /// The events of an extent behind those that a fold has, read and made ready while others are folded.
    pub(super) fn ready(&self, fold: &Fold, extent: Extent, size: u64) -> Ahead<Vec<ReadyEvent>> {
        let (store, engine) = (Arc::clone(&self.store), Arc::clone(&self.engine));
        let stream = fold.stream.clone();
        let reducer = engine.rules.reducer(&stream.aggregate_type).clone();
        let behind = fold.last.as_ref().map(|last| (last.version, last.position));
        Ahead::spawn(|taker| async move {
            let mut reader = extent.reader(&*store, stream.clone(), behind, size);
            while let Some(mut events) = reader.next_page().await? {
                events.retain(|event| extent.contains(event));
                let Prepared { ready, failure } = engine.prepare(&reducer, &stream, events).await;
                if taker.give(ready).await.is_err() {
                    break;
                }
                failure.map_or(Ok(()), Err)?;
            }
            Ok(())
        })
    }

    /// The nearest snapshot from which the events of an extent can be folded on.
    pub(super) async fn nearest(
        &self,
        stream: &StreamName,
        extent: Extent,
    ) -> Result<Option<StoredState>, HistoryError> {
        let key = self.snapshot_key(stream);
        let mut version = Some(extent.version);
        // One that cannot be read is passed over, and the one before it is tried.
        while let Some(up_to) = version.filter(|version| *version >= StreamVersion::FIRST) {
            let Some(snapshot) = self.store.nearest_snapshot(&key, Some(up_to), extent.timestamp).await?
            else {
                return Ok(None);
            };
            let stored = StoredState::from_snapshot(&snapshot);
            if stored.is_some() {
                return Ok(stored);
            }
            version = snapshot.version.0.checked_sub(1).map(StreamVersion);
        }
        Ok(None)
    }
}
