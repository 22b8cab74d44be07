use std::collections::HashSet;
use std::io::{self, Write};

use annals_event::EventId;
use annals_store::{DeadLetterStore, NewDeadLetter, StoreError};
use async_trait::async_trait;

use crate::dead_letter::DeadLetter;

/// So many letters are read at once, to find out what is kept already.
const PAGE: usize = 1_000;

/// Where an import's dead letters go.
#[async_trait]
pub trait DeadLetterSink: Send {
    /// Keeps one more.
    ///
    /// # Errors
    /// When it cannot be kept; the import stops then, for none may get lost.
    async fn keep(&mut self, letter: DeadLetter) -> io::Result<()>;

    /// Returns when all that was kept will outlive the process.
    ///
    /// # Errors
    /// When that cannot be said.
    async fn settle(&mut self) -> io::Result<()>;
}

/// A line of JSON for each letter ([`DeadLetter::write_json_line`]).
#[async_trait]
impl<W: Write + Send> DeadLetterSink for W {
    async fn keep(&mut self, letter: DeadLetter) -> io::Result<()> {
        letter.write_json_line(self)
    }

    async fn settle(&mut self) -> io::Result<()> {
        self.flush()
    }
}

/// Keeps dead letters in a log, where people list, mend and retry them. An input that the log has among them already,
/// whatever became of it, is not kept again: an import may be repeated.
pub struct LettersInLog<'a> {
    store: &'a dyn DeadLetterStore,
    /// What the log has, known once the first letter is there.
    kept: Option<HashSet<Identity>>,
}

/// What makes two letters the same: a hash of source, place and bytes.
type Identity = EventId;

impl<'a> LettersInLog<'a> {
    /// Keeps them in the log of this store.
    #[must_use]
    pub fn new(store: &'a dyn DeadLetterStore) -> Self {
        Self { store, kept: None }
    }

    /// What the log has so far, read page by page when it is asked for first.
    async fn kept(&mut self) -> Result<&mut HashSet<Identity>, StoreError> {
        let kept = match self.kept.take() {
            Some(kept) => kept,
            None => identities(self.store).await?,
        };
        Ok(self.kept.insert(kept))
    }
}

#[async_trait]
impl DeadLetterSink for LettersInLog<'_> {
    async fn keep(&mut self, letter: DeadLetter) -> io::Result<()> {
        let letter = NewDeadLetter {
            source: letter.source.as_str().to_owned(),
            place: letter.line.to_string(),
            code: letter.refusal.code().to_owned(),
            reason: letter.refusal.to_string(),
            raw: letter.record,
        };
        let store = self.store;
        if self.kept().await.map_err(io::Error::other)?.insert(identity(&letter)) {
            store.keep_dead_letter(letter).await.map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Each of them was durable when it was kept.
    async fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn identities(store: &dyn DeadLetterStore) -> Result<HashSet<Identity>, StoreError> {
    let mut found = HashSet::new();
    let mut after = None;
    loop {
        let page = store.dead_letters(None, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(page.iter().map(|kept| identity(&kept.letter)));
    }
}

fn identity(letter: &NewDeadLetter) -> Identity {
    EventId::derived(&[b"dead letter", letter.source.as_bytes(), letter.place.as_bytes(), &letter.raw])
}
