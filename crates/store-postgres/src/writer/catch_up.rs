//! What the writer has to know of the log before it can decide anything.

use std::sync::Arc;

use annals_event::{AggregateId, AggregateType, StreamName, StreamVersion, Timestamp};
use tokio_postgres::Row;

use super::end::{HeadRow, LogEnd};
use super::turns::Writer;
use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::sql;

/// What others wrote is learnt event by event only up to so many; behind that, all that is known is forgotten.
const LEARNT_EVENTS_MAX: u64 = 16_384;

impl Writer {
    /// The writer's connection, and what it has to know of the log.
    pub(super) async fn connected(&mut self) -> Result<Arc<Session>, Failure> {
        if let Some(session) = self.session.clone().filter(|session| !session.is_closed()) {
            if self.end.is_none() {
                self.refresh(&session).await?;
            }
            return Ok(session);
        }
        (self.end, self.has_turn) = (None, false);
        let session = Arc::new(self.parts.connector.connect().await?);
        self.refresh(&session).await?;
        let row = session.query_optional(sql::BLOCKS_UNTIL, &[]).await?;
        let until: i64 = row.ok_or_else(|| corrupt("the blocks cannot be counted"))?.try_get(0)?;
        self.blocks_until = until.cast_unsigned();
        self.session = Some(Arc::clone(&session));
        Ok(session)
    }

    /// Learns how the log stands now.
    pub(super) async fn refresh(&mut self, session: &Session) -> Result<(), Failure> {
        let row = read_head(session).await?;
        let has_grown = self.end.as_ref().is_some_and(|end| end.revision != row.revision);
        let written = if has_grown { self.written_since(session).await? } else { Vec::new() };
        self.take_in(session, row, written).await
    }

    /// What others wrote since it was last looked at, as far as it is learnt event by event.
    pub(super) async fn written_since(&self, session: &Session) -> Result<Vec<Row>, Failure> {
        let Some(end) = &self.end else { return Ok(Vec::new()) };
        let size = end.size();
        self.parts.tail.written(session, (size, size.saturating_add(LEARNT_EVENTS_MAX))).await
    }

    /// Takes in how the log stands, and what others wrote since it was last looked at: that much at least.
    pub(super) async fn take_in(
        &mut self,
        session: &Session,
        row: HeadRow,
        written: Vec<Row>,
    ) -> Result<(), Failure> {
        self.hear_time(row.now.as_micros());
        tell(&self.parts.head, row.head());
        self.parts.tail.learn_sealed(row.sealed);
        let before = self.end.take();
        let end = LogEnd {
            revision: row.revision,
            frontier: row.frontier,
            recorded_at: row.recorded_at,
            greatest_id: row.greatest_id,
        };
        let grown = before.as_ref().and_then(|before| end.size().checked_sub(before.size()));
        match (before, grown) {
            (Some(_), Some(0)) => {}
            (Some(before), Some(grown)) if grown <= LEARNT_EVENTS_MAX => {
                let count = usize::try_from(grown).unwrap_or(usize::MAX);
                let written =
                    written.get(..count).ok_or_else(|| corrupt("events below the head are missing"))?;
                self.learn(before.size(), written)?;
            }
            _ => self.heads.forget(),
        }
        self.parts.tail.catch_up(session, end.size()).await?;
        self.published = Some(end.clone());
        self.end = Some(end);
        Ok(())
    }

    /// Learns what others wrote from a position on: they may go on with these streams, and so may others here.
    fn learn(&mut self, from: u64, rows: &[Row]) -> Result<(), Failure> {
        self.parts.tail.take_in_rows(from, rows)?;
        for row in rows {
            let Some(aggregate_id) = row.try_get::<_, Option<&str>>(4)? else { continue };
            let stream = StreamName {
                aggregate_type: AggregateType::from_stored(row.try_get(3)?),
                aggregate_id: AggregateId::from_stored(aggregate_id),
            };
            self.heads.learn(stream, Some(StreamVersion(row.try_get::<_, i64>(5)?.cast_unsigned())));
        }
        Ok(())
    }

    pub(super) fn hear_time(&self, micros: i64) {
        if let (Some(clock), Ok(moment)) = (&self.parts.database_clock, Timestamp::from_micros(micros)) {
            clock.hear(moment);
        }
    }
}

/// The head's row.
pub(crate) async fn read_head(session: &Session) -> Result<HeadRow, Failure> {
    let row = session.query_optional(sql::HEAD, &[]).await?;
    Ok(HeadRow::read(&row.ok_or_else(|| corrupt("the log has no head"))?)?)
}

/// Tells whoever waits that the log has grown, if that is news.
pub(crate) fn tell(heads: &tokio::sync::watch::Sender<annals_store::Head>, head: annals_store::Head) {
    heads.send_if_modified(|known| {
        let is_news = known.size < head.size;
        if is_news {
            *known = head;
        }
        is_news
    });
}
