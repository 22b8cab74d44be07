use annals_event::Timestamp;
use annals_store::{DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore, NewDeadLetter, StoreError};
use async_trait::async_trait;
use tokio_postgres::Row;

use super::PostgresEventStore;
use crate::bookkeeping::{dead_letter_hash, state_name, state_named};
use crate::errors::{Failure, Result, corrupt};
use crate::sql;

/// What stands in place of NUL, which PostgreSQL's texts cannot hold; the input itself is kept as bytes.
const NUL_SHOWN: &str = "\u{2400}";

#[async_trait]
impl DeadLetterStore for PostgresEventStore {
    async fn keep_dead_letter(&self, letter: NewDeadLetter) -> Result<DeadLetterId> {
        let received_at = self.shared.preparer.now();
        let mut session = self.shared.pool.take().await?;
        session.begin().await?;
        // Whoever keeps another one waits here, so that the numbers have no gaps.
        session.query(sql::LOCK_HEAD, &[]).await?;
        let row = session.query_optional(sql::NEXT_DEAD_LETTER_ID, &[]).await?;
        let id: i64 = row
            .ok_or_else(|| corrupt("dead letters cannot be counted"))?
            .try_get(0)
            .map_err(Failure::from)?;
        let id = DeadLetterId(id.cast_unsigned());
        let letter = DeadLetter { id, received_at, state: DeadLetterState::Open, letter: storable(letter) };
        let NewDeadLetter { source, place, code, reason, raw } = &letter.letter;
        session
            .execute(
                sql::KEEP_DEAD_LETTER,
                &[
                    &id.0.cast_signed(),
                    &received_at.as_micros(),
                    &state_name(letter.state),
                    source,
                    place,
                    code,
                    reason,
                    raw,
                    &&dead_letter_hash(&letter)[..],
                ],
            )
            .await?;
        session.commit().await?;
        Ok(id)
    }

    async fn dead_letters(
        &self,
        state: Option<DeadLetterState>,
        after: Option<DeadLetterId>,
        limit: usize,
    ) -> Result<Vec<DeadLetter>> {
        let after = after.map_or(0, |after| i64::try_from(after.0).unwrap_or(i64::MAX));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.shared.query(sql::DEAD_LETTERS, &[&after, &state.map(state_name), &limit]).await?;
        rows.iter().map(read).collect()
    }

    async fn dead_letter(&self, id: DeadLetterId) -> Result<DeadLetter> {
        let number = i64::try_from(id.0).map_err(|_| unknown(id))?;
        let rows = self.shared.query(sql::DEAD_LETTER, &[&number]).await?;
        rows.first().map_or_else(|| Err(unknown(id)), read)
    }

    async fn settle_dead_letter(&self, id: DeadLetterId, state: DeadLetterState) -> Result<()> {
        let number = i64::try_from(id.0).map_err(|_| unknown(id))?;
        let mut session = self.shared.pool.take().await?;
        session.begin().await?;
        session.query(sql::LOCK_HEAD, &[]).await?;
        let row = session.query_optional(sql::DEAD_LETTER, &[&number]).await?;
        let letter = row.as_ref().map_or_else(|| Err(unknown(id)), read)?;
        if letter.state != DeadLetterState::Open {
            return Err(StoreError::NotFound { what: format!("open dead letter {}", id.0) });
        }
        let hash = dead_letter_hash(&DeadLetter { state, ..letter });
        session.execute(sql::SETTLE_DEAD_LETTER, &[&number, &state_name(state), &&hash[..]]).await?;
        Ok(session.commit().await?)
    }
}

fn unknown(id: DeadLetterId) -> StoreError {
    StoreError::NotFound { what: format!("dead letter {}", id.0) }
}

/// The letter with texts that can be stored.
fn storable(letter: NewDeadLetter) -> NewDeadLetter {
    let text = |text: String| if text.contains('\0') { text.replace('\0', NUL_SHOWN) } else { text };
    NewDeadLetter {
        source: text(letter.source),
        place: text(letter.place),
        code: text(letter.code),
        reason: text(letter.reason),
        raw: letter.raw,
    }
}

/// Reads a row and checks it against its hash.
pub(crate) fn read(row: &Row) -> Result<DeadLetter> {
    let number = |at| row.try_get::<_, i64>(at).map_err(Failure::from);
    let text = |at| row.try_get::<_, String>(at).map_err(Failure::from);
    let id = DeadLetterId(number(0)?.cast_unsigned());
    let altered = || corrupt(format!("dead letter {} is not as it was kept", id.0));
    let received_at = Timestamp::from_micros(number(1)?).map_err(|_| altered())?;
    let letter = NewDeadLetter {
        source: text(3)?,
        place: text(4)?,
        code: text(5)?,
        reason: text(6)?,
        raw: row.try_get(7).map_err(Failure::from)?,
    };
    let state = state_named(&text(2)?).ok_or_else(altered)?;
    let letter = DeadLetter { id, received_at, state, letter };
    let hash: &[u8] = row.try_get(8).map_err(Failure::from)?;
    if hash == dead_letter_hash(&letter) { Ok(letter) } else { Err(altered()) }
}
