use annals_event::Timestamp;
use annals_store::PreparedAppend;

use super::blocks::block_len_at;
use super::catch_up::{read_head, tell};
use super::end::LogEnd;
use super::judge::{Judge, Judged, Verdict};
use super::known::{Doubt, Known};
use super::records::{Cursors, EventRecords, Subtrees};
use super::turns::{Manner, Writer};
use crate::connection::{Parameters, Session};
use crate::errors::{Failure, FailureKind, corrupt};
use crate::sql;
use crate::tail::EventTerms;
use crate::uuid::Uuid;

impl Writer {
    /// Tries once to write a group; nothing when the gate was lost, because others wrote. `doubt` is raised before
    /// anything is sent that may be stored although its answer is lost.
    pub(super) async fn turn(
        &mut self,
        appends: &[&PreparedAppend],
        manner: Manner,
        doubt: &mut Doubt,
    ) -> Result<Option<Vec<Verdict>>, Failure> {
        let session = self.connected().await?;
        self.heads.trim();
        if manner == Manner::Locked {
            self.lock(&session).await?;
        }
        let end = self.end.clone().ok_or_else(|| corrupt("the log's head was not read"))?;
        let tail = self.parts.tail.view();
        let known = Known::read((&session, &tail), appends, &mut self.heads, (&end, *doubt)).await?;
        let now = self.parts.clock.now();
        let judged = Judge::new(end.clone(), (&known, &self.heads), (now, *doubt)).judge(appends);
        if judged.has_written() {
            self.make_room(&session, &judged.end).await?;
            let doubt_before = std::mem::replace(doubt, Doubt::MayBeStored);
            let written = match manner {
                Manner::Gated => self.write(&session, end.revision, &judged).await,
                Manner::Locked => self.write_and_commit(&session, end.revision, &judged).await,
            };
            // Whatever else went wrong, the server says that it did nothing.
            if !written.as_ref().is_err_and(|failure| failure.kind == FailureKind::Lost) {
                *doubt = doubt_before;
            }
            if !written? {
                self.refresh(&session).await?;
                return Ok(None);
            }
        } else if manner == Manner::Locked {
            session.run(sql::COMMIT).await?;
        } else if !self.is_unchanged(&session, &end).await? {
            self.refresh(&session).await?;
            return Ok(None);
        }
        let verdicts = self.publish(judged, end.revision);
        Ok(Some(verdicts))
    }

    /// Begins a transaction in which nobody else writes, and learns how the log stands. All of it is one round trip; a
    /// lock and what is looked at under it are never one statement, which would see what was before.
    async fn lock(&mut self, session: &Session) -> Result<(), Failure> {
        // What is prepared already is sent in this order.
        session.prepared(sql::LOCK_HEAD).await?;
        session.prepared(sql::HEAD).await?;
        let begin = session.run(sql::BEGIN);
        let (_, _, row) = tokio::try_join!(begin, session.query(sql::LOCK_HEAD, &[]), read_head(session))?;
        self.take_in(session, row).await
    }

    /// Writes what a group comes to and commits, in one round trip; whether the gate was passed, as it must be under
    /// the lock. Should the commit come first, the gate still guards the group.
    async fn write_and_commit(
        &self,
        session: &Session,
        revision: i64,
        judged: &Judged<'_>,
    ) -> Result<bool, Failure> {
        // What is prepared already is sent before the commit.
        session.prepared(sql::APPEND).await?;
        session.prepared(sql::APPEND_EVENTS).await?;
        let commit = session.run(sql::COMMIT);
        let (is_passed, ()) = tokio::try_join!(self.write(session, revision, judged), commit)?;
        Ok(is_passed)
    }

    /// Writes what a group comes to; whether the gate was passed.
    async fn write(&self, session: &Session, revision: i64, judged: &Judged<'_>) -> Result<bool, Failure> {
        let end = &judged.end;
        let (size, frontier) = (end.size().cast_signed(), end.frontier.to_bytes());
        let (recorded_at, greatest_id) =
            (end.recorded_at.map(Timestamp::as_micros), end.greatest_id.map(Uuid));
        let events = EventRecords(&judged.events);
        let row = if judged.subtrees.is_empty() && judged.cursors.is_empty() {
            let parameters: Parameters<'_> =
                &[&revision, &size, &recorded_at, &frontier, &events, &greatest_id];
            session.query_optional(sql::APPEND_EVENTS, parameters).await?
        } else {
            let (subtrees, cursors) = (Subtrees::of(judged), Cursors::of(judged));
            let parameters: Parameters<'_> = &[
                &revision,
                &size,
                &recorded_at,
                &frontier,
                &events,
                &subtrees.levels,
                &subtrees.numbers,
                &subtrees.hashes,
                &cursors.names,
                &cursors.values,
                &cursors.hashes,
                &greatest_id,
            ];
            session.query_optional(sql::APPEND, parameters).await?
        };
        let row = row.ok_or_else(|| corrupt("an append gave no answer"))?;
        self.hear_time(row.try_get(1)?);
        Ok(row.try_get::<_, Option<i64>>(0)?.is_some())
    }

    /// Whether nobody wrote since: then the verdicts of a group that writes nothing hold, too.
    async fn is_unchanged(&self, session: &Session, end: &LogEnd) -> Result<bool, Failure> {
        Ok(read_head(session).await?.revision == end.revision)
    }

    /// Makes partitions for the positions that are to be written, should there be none; mostly they were made ahead.
    async fn make_room(&mut self, session: &Session, end: &LogEnd) -> Result<(), Failure> {
        if end.size() > self.blocks_until {
            let wanted = end.size().cast_signed();
            let block_len = block_len_at(end.size(), self.parts.block_len).cast_signed();
            let row = session.query_optional(sql::MAKE_BLOCKS, &[&wanted, &block_len]).await?;
            let until: i64 = row.ok_or_else(|| corrupt("no block was made"))?.try_get(0)?;
            self.blocks_until = until.cast_unsigned();
        }
        Ok(())
    }

    /// Makes known what is committed.
    fn publish(&mut self, judged: Judged<'_>, revision: i64) -> Vec<Verdict> {
        for placed in &judged.events {
            self.heads.note(&placed.event.sent.stream, placed.placement.version);
        }
        if let Some(first) = judged.events.first() {
            let terms = judged.events.iter().map(|placed| EventTerms::of_event(placed.event));
            self.parts.tail.take_in(first.placement.position.0, terms);
        }
        let has_grown = !judged.events.is_empty();
        let revision = if judged.has_written() { revision + 1 } else { revision };
        let end = LogEnd { revision, ..judged.end };
        if has_grown {
            tell(&self.parts.head, end.head());
            self.parts.written.send_replace(end.size());
        }
        self.end = Some(end);
        judged.verdicts
    }
}
