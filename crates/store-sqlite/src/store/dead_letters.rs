use annals_event::Timestamp;
use annals_store::{DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore, NewDeadLetter, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use super::SqliteEventStore;
use crate::bookkeeping::{dead_letter_hash, state_name, state_named};
use crate::errors::{Result, corrupt, sqlite};
use crate::sql;

#[async_trait]
impl DeadLetterStore for SqliteEventStore {
    async fn keep_dead_letter(&self, letter: NewDeadLetter) -> Result<DeadLetterId> {
        let received_at = self.shared.writing()?.preparer.now();
        self.keep(move |truth| {
            let id = truth.query_row(sql::NEXT_DEAD_LETTER_ID, [], |row| row.get(0)).map_err(sqlite)?;
            let id = DeadLetterId(id);
            let kept = DeadLetter { id, received_at, state: DeadLetterState::Open, letter };
            let mut keep = truth.prepare_cached(sql::KEEP_DEAD_LETTER).map_err(sqlite)?;
            keep.execute(params![
                id.0,
                received_at.as_micros(),
                state_name(kept.state),
                kept.letter.source,
                kept.letter.place,
                kept.letter.code,
                kept.letter.reason,
                kept.letter.raw,
                dead_letter_hash(&kept),
            ])
            .map_err(sqlite)?;
            Ok(id)
        })
        .await
    }

    async fn dead_letters(
        &self,
        state: Option<DeadLetterState>,
        after: Option<DeadLetterId>,
        limit: usize,
    ) -> Result<Vec<DeadLetter>> {
        self.blocking(move |shared| {
            let reader = shared.reader()?;
            let mut statement =
                reader.connections()?.truth.prepare_cached(sql::DEAD_LETTERS).map_err(sqlite)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let asked = params![
                after.map_or(0, |after| i64::try_from(after.0).unwrap_or(i64::MAX)),
                state.map(state_name),
                limit
            ];
            let mut rows = statement.query(asked).map_err(sqlite)?;
            let mut letters = Vec::new();
            while let Some(row) = rows.next().map_err(sqlite)? {
                letters.push(read(row)?);
            }
            Ok(letters)
        })
        .await
    }

    async fn dead_letter(&self, id: DeadLetterId) -> Result<DeadLetter> {
        self.blocking(move |shared| find(shared.reader()?.connections()?.truth, id)).await
    }

    async fn settle_dead_letter(&self, id: DeadLetterId, state: DeadLetterState) -> Result<()> {
        self.keep(move |truth| {
            let letter = find(truth, id)?;
            if letter.state != DeadLetterState::Open {
                return Err(StoreError::NotFound { what: format!("open dead letter {}", id.0) });
            }
            let settled = DeadLetter { state, ..letter };
            let hash = dead_letter_hash(&settled);
            truth
                .execute(sql::SETTLE_DEAD_LETTER, params![id.0, state_name(state), hash])
                .map_err(sqlite)
                .map(drop)
        })
        .await
    }
}

fn find(truth: &Connection, id: DeadLetterId) -> Result<DeadLetter> {
    let unknown = || StoreError::NotFound { what: format!("dead letter {}", id.0) };
    let number = i64::try_from(id.0).map_err(|_| unknown())?;
    let mut statement = truth.prepare_cached(sql::DEAD_LETTER).map_err(sqlite)?;
    let mut rows = statement.query(params![number]).map_err(sqlite)?;
    rows.next().map_err(sqlite)?.map_or_else(|| Err(unknown()), read)
}

/// Reads a row and checks it against its hash.
pub(crate) fn read(row: &Row<'_>) -> Result<DeadLetter> {
    let text = |at| row.get::<_, String>(at).map_err(sqlite);
    let id = DeadLetterId(row.get(0).map_err(sqlite)?);
    let altered = || corrupt(format!("dead letter {} is not as it was kept", id.0));
    let received_at = Timestamp::from_micros(row.get(1).map_err(sqlite)?).map_err(|_| altered())?;
    let letter = NewDeadLetter {
        source: text(3)?,
        place: text(4)?,
        code: text(5)?,
        reason: text(6)?,
        raw: row.get(7).map_err(sqlite)?,
    };
    let state = state_named(&text(2)?).ok_or_else(altered)?;
    let letter = DeadLetter { id, received_at, state, letter };
    let hash: Vec<u8> = row.get(8).map_err(sqlite)?;
    if hash != dead_letter_hash(&letter) { Err(altered()) } else { Ok(letter) }
}
