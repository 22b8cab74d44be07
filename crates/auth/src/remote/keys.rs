use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use annals_event::Timestamp;
use annals_store::Clock;
use tokio::sync::{Mutex, MutexGuard};

use super::{HttpClient, Location};
use crate::AuthError;
use crate::key::{JwkSet, KeySet};

/// Between two tries to fetch keys; a token that names an unknown key makes nobody ask more often.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// Keys that an issuer publishes, kept and fetched anew from time to time.
///
/// One request at a time fetches. The others go on with what is known, unless their token's key is not.
pub(crate) struct RemoteKeys {
    location: Location,
    client: HttpClient,
    refresh_every: Duration,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    /// Held by whoever fetches; `known` is never locked for longer than it takes to copy it.
    fetching: Mutex<()>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Arc<KeySet>,
    fetched: Option<Timestamp>,
    tried: Option<Timestamp>,
    failure: Option<String>,
}

/// How well an issuer's keys are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysStatus {
    /// Where they are fetched.
    pub url: String,
    /// How many are known.
    pub keys: usize,
    /// When they were fetched; `None` when they never could be.
    pub fetched: Option<Timestamp>,
    /// Why the last try failed; `None` when it did not.
    pub failure: Option<String>,
}

impl RemoteKeys {
    pub(crate) fn new(
        location: Location,
        client: HttpClient,
        refresh_every: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let known = RwLock::default();
        Self { location, client, refresh_every, clock, known, fetching: Mutex::default() }
    }

    /// The keys to begin with: fetched anew if they are old, as long as the issuer can be reached.
    pub(crate) async fn keys(&self) -> Result<Arc<KeySet>, AuthError> {
        if self.are_old(&self.known()) {
            let turn = match self.known().fetched {
                Some(_) => self.fetching.try_lock().ok(),
                None => Some(self.fetching.lock().await),
            };
            if let Some(turn) = turn
                && self.are_old(&self.known())
            {
                self.fetch(turn).await;
            }
        }
        let known = self.known();
        if known.fetched.is_none() {
            let reason = known.failure.unwrap_or_else(|| "they were not fetched yet".to_owned());
            return Err(AuthError::KeysUnavailable { url: self.location.to_string(), reason });
        }
        Ok(known.keys)
    }

    /// Other keys than `seen`, in which something was missing; `None` when there are none yet.
    pub(crate) async fn newer_than(&self, seen: &Arc<KeySet>) -> Option<Arc<KeySet>> {
        let turn = self.fetching.lock().await;
        let known = self.known();
        if Arc::ptr_eq(&known.keys, seen) {
            if !self.has_passed(TRY_AGAIN_AFTER, known.tried) {
                return None;
            }
            self.fetch(turn).await;
        }
        let keys = self.known().keys;
        (!Arc::ptr_eq(&keys, seen)).then_some(keys)
    }

    pub(crate) fn status(&self) -> KeysStatus {
        let known = self.known();
        KeysStatus {
            url: self.location.to_string(),
            keys: known.keys.len(),
            fetched: known.fetched,
            failure: known.failure,
        }
    }

    /// Replaces all keys, so that those that the issuer took back are gone; keeps them all when it cannot be asked.
    async fn fetch(&self, _turn: MutexGuard<'_, ()>) {
        let answer = self.client.get(&self.location).await.and_then(|body| JwkSet::parse(&body));
        let now = self.clock.now();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.tried = Some(now);
        match answer {
            Ok(keys) => {
                tracing::debug!(url = %self.location, keys = keys.len(), "fetched the issuer's keys");
                *known = Known { keys: Arc::new(keys), fetched: Some(now), tried: Some(now), failure: None };
            }
            Err(failure) => {
                let kept = known.keys.len();
                tracing::warn!(url = %self.location, %failure, kept, "could not fetch the issuer's keys");
                known.failure = Some(failure);
            }
        }
    }

    fn are_old(&self, known: &Known) -> bool {
        self.has_passed(self.refresh_every, known.fetched) && self.has_passed(TRY_AGAIN_AFTER, known.tried)
    }

    /// Whether `duration` is over since a moment. A clock that went backwards says nothing about it, so it is.
    fn has_passed(&self, duration: Duration, since: Option<Timestamp>) -> bool {
        let Some(since) = since else { return true };
        let elapsed = self.clock.now().as_micros().saturating_sub(since.as_micros());
        u64::try_from(elapsed).map_or(true, |elapsed| Duration::from_micros(elapsed) >= duration)
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
