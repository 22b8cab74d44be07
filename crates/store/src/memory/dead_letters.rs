use async_trait::async_trait;

use super::MemoryStore;
use crate::dead_letter::{DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore, NewDeadLetter};
use crate::error::StoreError;

#[async_trait]
impl DeadLetterStore for MemoryStore {
    async fn keep_dead_letter(&self, letter: NewDeadLetter) -> Result<DeadLetterId, StoreError> {
        let letters = &mut self.state().dead_letters;
        let id = DeadLetterId(letters.len() as u64 + 1);
        letters.push(DeadLetter {
            id,
            received_at: self.preparer.now(),
            state: DeadLetterState::Open,
            letter,
        });
        Ok(id)
    }

    async fn dead_letters(
        &self,
        state: Option<DeadLetterState>,
        after: Option<DeadLetterId>,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        let wanted = |letter: &&DeadLetter| {
            state.is_none_or(|state| letter.state == state) && after.is_none_or(|after| letter.id > after)
        };
        Ok(self.state().dead_letters.iter().filter(wanted).take(limit).cloned().collect())
    }

    async fn dead_letter(&self, id: DeadLetterId) -> Result<DeadLetter, StoreError> {
        let state = self.state();
        let found = state.dead_letters.iter().find(|letter| letter.id == id);
        found.cloned().ok_or_else(|| StoreError::NotFound { what: format!("dead letter {}", id.0) })
    }

    async fn settle_dead_letter(&self, id: DeadLetterId, state: DeadLetterState) -> Result<(), StoreError> {
        let letters = &mut self.state().dead_letters;
        let open = letters.iter_mut().find(|letter| letter.id == id && letter.state == DeadLetterState::Open);
        let open = open.ok_or_else(|| StoreError::NotFound { what: format!("open dead letter {}", id.0) })?;
        open.state = state;
        Ok(())
    }
}
