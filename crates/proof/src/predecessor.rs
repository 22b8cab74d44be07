//! Going on under a new origin where a log can no longer be signed.
//!
//! After a restore the log is shorter than what was signed for it, and under its origin nothing may be signed
//! any more. The log that goes on for it has an origin of its own, and says in its first event, of its own
//! stream ([`log_stream`]), where it comes from. The old log stays as it is.

use annals_event::RecordedEvent;
use annals_store::{EventReader, Query, ReadOptions, Store, StoreError, log_stream};
use annals_tlog::{Hash, Origin, SignedCheckpoint, TreeHead};
use serde::{Deserialize, Serialize};

use crate::extension::head_of;
use crate::log_stream::own_append;
use crate::{ProofError, SigningState};

/// The type of the event.
const EVENT_TYPE: &str = "LogRecovered";

/// The log for which another one goes on, as that one's first event states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    /// The log.
    pub origin: Origin,
    /// What was left of it.
    pub head: TreeHead,
    /// The newest checkpoint that was kept beside what was left.
    pub checkpoint: Option<SignedCheckpoint>,
    /// What was signed last for it, where that is remembered. Where it is larger than the head, or has another
    /// root, events that were signed are lost.
    pub signed: Option<TreeHead>,
}

/// What the event says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecoveryPayload {
    predecessor: String,
    size: u64,
    root: String,
    checkpoint: Option<String>,
    last_signed: Option<HeadText>,
}

#[derive(Debug, Serialize, Deserialize)]
struct HeadText {
    size: u64,
    root: String,
}

impl Predecessor {
    /// What is left of a log, and what is remembered of its signing.
    ///
    /// # Errors
    /// [`ProofError::Store`]; [`ProofError::File`] or [`ProofError::StateUnreadable`].
    pub async fn of(log: &dyn Store, state: &SigningState) -> Result<Self, ProofError> {
        let head = head_of(log).await?;
        let root = log.root_at(head.size).await?;
        if root != head.root {
            let reason = format!("the head states the root {}, but the stored tree has {root}", head.root);
            return Err(StoreError::Corrupt { reason }.into());
        }
        let (checkpoint, signed) = (log.newest_checkpoint().await?, state.read()?);
        Ok(Self { origin: log.origin().clone(), head, checkpoint, signed })
    }

    /// What the first event of a log says of its predecessor; `None` if it says nothing of one.
    ///
    /// # Errors
    /// [`ProofError::PredecessorDiffers`] if it cannot be read; [`ProofError::Store`].
    pub async fn named_by(log: &dyn Store) -> Result<Option<Self>, ProofError> {
        let first = ReadOptions { limit: Some(1), size: Some(1), ..ReadOptions::default() };
        let page = EventReader::new(log, Query::all(), first).next_page().await?;
        let Some(event) = page.and_then(|page| page.into_iter().next()) else { return Ok(None) };
        let own = log_stream(log.origin()).ok();
        let is_own = event.event_type.as_str() == EVENT_TYPE
            && own.is_some_and(|own| {
                own.aggregate_type == event.aggregate_type
                    && event.aggregate_id.value() == Some(&own.aggregate_id)
            });
        if is_own { Self::of_event(&event).map(Some) } else { Ok(None) }
    }

    /// Records in an empty log that it goes on for this one. Where that is recorded already, nothing happens.
    ///
    /// # Errors
    /// [`ProofError::NotEmpty`] if the log holds something else; [`ProofError::Store`].
    pub async fn record_in(&self, log: &dyn Store) -> Result<(), ProofError> {
        let append = own_append(log.origin(), 0, EVENT_TYPE, &self.to_payload())?;
        match log.append(append).await {
            Ok(_) => Ok(()),
            Err(StoreError::ConditionFailed { .. }) if Self::named_by(log).await?.as_ref() == Some(self) => {
                Ok(())
            }
            Err(StoreError::ConditionFailed { .. }) => Err(ProofError::NotEmpty {
                origin: log.origin().clone(),
                size: log.head().await?.size,
                predecessor: self.origin.clone(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// Checks that `log` is this one: that it holds what was left then. It may have grown since. That it is
    /// sound in itself and agrees with [`Self::checkpoint`] is for [`verify`](crate::verify()) to say.
    ///
    /// # Errors
    /// [`ProofError::PredecessorDiffers`]; [`ProofError::Store`].
    pub async fn must_be(&self, log: &dyn Store) -> Result<(), ProofError> {
        let differs = |reason: String| Err(ProofError::PredecessorDiffers { reason });
        let TreeHead { size, root } = self.head;
        if *log.origin() != self.origin {
            return differs(format!("it is {}, and {} is named", log.origin(), self.origin));
        }
        let held = log.head().await?.size;
        if held < size {
            return differs(format!("it holds {held} events, and {size} are named"));
        }
        let found = log.root_at(size).await?;
        if found != root {
            return differs(format!("its first {size} events have the root {found}, and {root} is named"));
        }
        Ok(())
    }

    fn to_payload(&self) -> RecoveryPayload {
        RecoveryPayload {
            predecessor: self.origin.to_string(),
            size: self.head.size,
            root: self.head.root.to_string(),
            checkpoint: self.checkpoint.as_ref().map(ToString::to_string),
            last_signed: self.signed.map(|TreeHead { size, root }| HeadText { size, root: root.to_string() }),
        }
    }

    fn of_event(event: &RecordedEvent) -> Result<Self, ProofError> {
        let unreadable = |reason: String| ProofError::PredecessorDiffers { reason };
        let payload = event.payload.value().ok_or_else(|| unreadable("its name was erased".to_owned()))?;
        let payload: RecoveryPayload =
            serde_json::from_str(payload.as_str()).map_err(|error| unreadable(error.to_string()))?;
        let head = |size: u64, root: &str| -> Result<TreeHead, annals_tlog::Error> {
            Ok(TreeHead { size, root: root.parse::<Hash>()? })
        };
        let read = || -> Result<Self, annals_tlog::Error> {
            let checkpoint = payload.checkpoint.as_ref().map(|note| SignedCheckpoint::parse(note.as_bytes()));
            Ok(Self {
                origin: payload.predecessor.parse()?,
                head: head(payload.size, &payload.root)?,
                checkpoint: checkpoint.transpose()?,
                signed: payload.last_signed.as_ref().map(|last| head(last.size, &last.root)).transpose()?,
            })
        };
        read().map_err(|error| unreadable(error.to_string()))
    }
}
