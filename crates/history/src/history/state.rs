use std::sync::Arc;

use annals_event::{StreamName, StreamVersion};

use super::History;
use crate::cache::CacheKey;
use crate::error::HistoryError;
use crate::fold::Fold;
use crate::moment::Moment;
use crate::snapshot::StoredState;
use crate::state_at::{Source, StateAt};
use crate::stream::{Extent, Recent, last_recorded_by};

impl History {
    /// The state of an aggregate at a moment.
    ///
    /// Events are folded in the order of their versions, whatever their times. The answer says which event it stands
    /// behind, which ones came late, and whether a snapshot or the cache helped.
    ///
    /// # Errors
    /// [`HistoryError::NoStream`], [`HistoryError::NoVersion`], [`HistoryError::Reducer`],
    /// [`HistoryError::Upcaster`], or that the store or a worker process cannot go on.
    pub async fn state(&self, stream: &StreamName, moment: Moment) -> Result<StateAt, HistoryError> {
        let fingerprint = self.engine.rules.fingerprint(&stream.aggregate_type);
        let key = |head| CacheKey { stream: stream.clone(), moment, head, fingerprint };
        let known = |key: &CacheKey| {
            self.cache.get(key).map(|known| StateAt {
                source: Source::Cache,
                folded: 0,
                ..StateAt::clone(&known)
            })
        };
        let size = self.store.head().await?.size;
        let known_head = self.cache.head(stream, size);
        if let Some(state) = known_head.and_then(|head| known(&key(head))) {
            return Ok(state);
        }
        let recent = self.recent(stream, Some(size)).await?;
        let key = key(recent.head);
        self.cache.keep_head(stream.clone(), size, recent.head);
        if known_head.is_none()
            && let Some(state) = known(&key)
        {
            return Ok(state);
        }
        let state = self.state_of(stream, moment, recent).await?;
        self.cache.keep(key, Arc::new(state.clone()));
        Ok(state)
    }

    /// The last events of a stream, in a log of this size.
    pub(super) async fn recent(
        &self,
        stream: &StreamName,
        size: Option<u64>,
    ) -> Result<Recent, HistoryError> {
        let recent = self.recent_if_any(stream, size).await?;
        recent.ok_or_else(|| HistoryError::NoStream { stream: stream.clone() })
    }

    /// The last events of a stream, in a log of this size, if there are any.
    pub(super) async fn recent_if_any(
        &self,
        stream: &StreamName,
        size: Option<u64>,
    ) -> Result<Option<Recent>, HistoryError> {
        let interval = self.engine.rules.snapshot_interval(&stream.aggregate_type);
        Ok(Recent::read(&*self.store, stream, interval, size).await?)
    }

    /// The state of a stream of which the last events are known.
    pub(super) async fn state_of(
        &self,
        stream: &StreamName,
        moment: Moment,
        recent: Recent,
    ) -> Result<StateAt, HistoryError> {
        let extent = self.extent(stream, moment, &recent).await?;
        let (fold, source) = self.fold_extent(stream, extent, recent).await?;
        Ok(StateAt {
            stream: stream.clone(),
            last: fold.last,
            late: fold.late,
            state: Arc::new(fold.state),
            source,
            folded: fold.folded,
        })
    }

    /// Which events belong to the state at a moment.
    pub(super) async fn extent(
        &self,
        stream: &StreamName,
        moment: Moment,
        recent: &Recent,
    ) -> Result<Extent, HistoryError> {
        let up_to = |version| Extent { version, timestamp: None };
        Ok(match moment {
            Moment::Now => up_to(recent.head),
            Moment::Version(version) if version > recent.head => {
                return Err(HistoryError::NoVersion { stream: stream.clone(), version, head: recent.head });
            }
            Moment::Version(version) => up_to(version),
            Moment::Time(timestamp) => Extent { version: recent.head, timestamp: Some(timestamp) },
            Moment::Recorded(recorded_at) => up_to(match recent.recorded_by(recorded_at) {
                Some(version) => version,
                None => last_recorded_by(&*self.store, stream, recorded_at, recent.size).await?,
            }),
        })
    }

    /// Folds the events of an extent, from the nearest snapshot on that serves.
    pub(super) async fn fold_extent(
        &self,
        stream: &StreamName,
        extent: Extent,
        recent: Recent,
    ) -> Result<(Fold, Source), HistoryError> {
        if recent.is_all {
            let mut events = recent.events;
            events.retain(|event| extent.contains(event));
            let mut fold = self.fold(stream, None);
            fold.fold(&events).await?;
            return Ok((fold, Source::Replay));
        }
        let start = self.nearest(stream, extent).await?;
        let source = start.as_ref().map_or(Source::Replay, |stored| Source::Snapshot(stored.last.version));
        let mut fold = self.fold(stream, start);
        let size = recent.size;
        if let Some(mut events) = recent.behind(fold.version()) {
            events.retain(|event| extent.contains(event));
            fold.fold(&events).await?;
            return Ok((fold, source));
        }
        let behind = fold.last.as_ref().map(|last| (last.version, last.position));
        let mut reader = extent.reader(&*self.store, stream.clone(), behind, size);
        while let Some(mut events) = reader.next_page().await? {
            events.retain(|event| extent.contains(event));
            fold.fold(&events).await?;
        }
        Ok((fold, source))
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
