use annals_event::CursorName;
use async_trait::async_trait;

use super::MemoryStore;
use super::append::CursorCheck;
use crate::cursor::{CursorAdvance, CursorStore, CursorValue};
use crate::error::StoreError;

#[async_trait]
impl CursorStore for MemoryStore {
    async fn cursor(&self, name: &CursorName) -> Result<Option<CursorValue>, StoreError> {
        Ok(self.state().cursors.get(name).cloned())
    }

    async fn advance_cursor(&self, advance: CursorAdvance) -> Result<(), StoreError> {
        let mut state = self.state();
        state.check_cursor(&advance, CursorCheck::Repeat)?;
        state.cursors.insert(advance.name, advance.to);
        Ok(())
    }

    async fn cursors(&self) -> Result<Vec<(CursorName, CursorValue)>, StoreError> {
        Ok(self.state().cursors.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}
