use std::sync::Arc;

use annals_event::StreamName;

use super::History;
use crate::cache::CacheKey;
use crate::error::HistoryError;
use crate::moment::Moment;
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
        Ok(fold.into_state_at(source))
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
}
