use annals_event::Timestamp;
use async_trait::async_trait;

use crate::error::StoreError;

/// A dead letter's number in its log: 1, 2, 3 …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeadLetterId(pub u64);

/// An input that could not become an event, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeadLetter {
    /// The source that it came from.
    pub source: String,
    /// Its place in the source, such as a line or an offset.
    pub place: String,
    /// The stable code of the reason.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// The input's bytes.
    pub raw: Vec<u8>,
}

/// What became of a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeadLetterState {
    /// Nothing yet.
    Open,
    /// It was stored after all.
    Retried,
    /// Somebody decided that it is not needed.
    Discarded,
}

/// An input that could not become an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number.
    pub id: DeadLetterId,
    /// When it was kept.
    pub received_at: Timestamp,
    /// What became of it.
    pub state: DeadLetterState,
    /// What it is.
    pub letter: NewDeadLetter,
}

/// Keeps inputs that could not become events, so that none is lost.
#[async_trait]
pub trait DeadLetterStore: Send + Sync {
    /// Keeps a dead letter, durably.
    async fn keep_dead_letter(&self, letter: NewDeadLetter) -> Result<DeadLetterId, StoreError>;

    /// At most `limit` dead letters in `state` (any when `None`) behind `after`, by number.
    async fn dead_letters(
        &self,
        state: Option<DeadLetterState>,
        after: Option<DeadLetterId>,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, StoreError>;

    /// One dead letter.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn dead_letter(&self, id: DeadLetterId) -> Result<DeadLetter, StoreError>;

    /// Notes what became of an open dead letter.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no open one with this number.
    async fn settle_dead_letter(&self, id: DeadLetterId, state: DeadLetterState) -> Result<(), StoreError>;
}
