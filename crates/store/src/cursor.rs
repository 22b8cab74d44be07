use std::fmt;

use annals_event::CursorName;
use async_trait::async_trait;

use crate::error::StoreError;

/// An opaque place of a source or reader, such as a Kafka offset.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CursorValue(pub Box<str>);

/// A cursor's move by compare-and-set, alone or inside an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CursorAdvance {
    /// Which cursor.
    pub name: CursorName,
    /// Where it must stand before; `None` when it must not exist.
    pub from: Option<CursorValue>,
    /// Where it stands afterwards.
    pub to: CursorValue,
}

/// Keeps the places of sources and readers.
#[async_trait]
pub trait CursorStore: Send + Sync {
    /// Where the cursor stands; `None` when it was never moved.
    async fn cursor(&self, name: &CursorName) -> Result<Option<CursorValue>, StoreError>;

    /// Moves the cursor, durably.
    ///
    /// # Errors
    /// [`StoreError::CursorConflict`] when it stands neither at `from` nor already at `to`.
    async fn advance_cursor(&self, advance: CursorAdvance) -> Result<(), StoreError>;

    /// Every cursor and its place, by name.
    async fn cursors(&self) -> Result<Vec<(CursorName, CursorValue)>, StoreError>;
}

impl fmt::Display for CursorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for CursorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
