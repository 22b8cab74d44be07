use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use annals_event::EventId;
use annals_store::PreparedAppend;

use super::blocks::block_len_at;
use super::catch_up::{read_head, tell};
use super::end::LogEnd;
use super::judge::{Judge, Judged, Verdict};
use super::known::{Doubt, Known, Viewpoint};
use super::statement::{AppendStatement, GroupAnswer};
use super::turns::{Manner, Writer};
use crate::connection::Session;
use crate::errors::{Failure, FailureKind, corrupt};
use crate::sql;
use crate::tail::{EventTerms, Whereabouts};
use crate::uuid::Uuid;

/// A group that is taken for written, until the server says otherwise.
pub(super) struct Advanced {
    verdicts: Vec<Verdict>,
    end: LogEnd,
    /// Where its events lie; nothing when it has none.
    whereabouts: Option<Whereabouts>,
    /// The ids of its events that others may use as well.
    ids: Vec<EventId>,
}

/// A group that is under way.
pub(super) struct Sent {
    pub(super) advanced: Advanced,
    pub(super) answer: Answering,
}

/// The server's answer to a group.
type Answering = Pin<Box<dyn Future<Output = Result<GroupAnswer, Failure>> + Send>>;

impl Writer {
    /// Judges a group behind all that is under way, and sends it without waiting for the answer. Nothing where it has
    /// to be carried out by itself: the connection is gone, there is nothing to write, or it repeats what is under way.
    pub(super) async fn begin(&mut self, appends: &[&PreparedAppend]) -> Result<Option<Sent>, Failure> {
        let session = self.session.clone().filter(|session| !session.is_closed());
        let (Some(session), Some(before)) = (session, self.end.clone()) else { return Ok(None) };
        let mut events = appends.iter().flat_map(|append| &append.events);
        if events.any(|event| self.ids_under_way.contains(&event.event_id)) {
            return Ok(None);
        }
        let judged = self.judge(&session, appends, (&before, Doubt::None)).await?;
        if !judged.has_written() {
            return Ok(None);
        }
        self.make_room(&session, &judged.end).await?;
        let statement = AppendStatement::of(&session, &before, &judged).await?;
        let advanced = self.advance(judged, &before);
        let mut answer: Answering = Box::pin(async move { statement.carry_out(&session).await });
        if let Poll::Ready(answered) = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
            answer = Box::pin(std::future::ready(answered));
        }
        Ok(Some(Sent { advanced, answer }))
    }

    /// Tries once to write a group while nothing is under way; nothing when the gate was lost, because others wrote.
    /// `doubt` is raised before anything is sent that may be stored although its answer is lost.
    pub(super) async fn turn(
        &mut self,
        appends: &[&PreparedAppend],
        manner: Manner,
        doubt: &mut Doubt,
    ) -> Result<Option<Vec<Verdict>>, Failure> {
        let session = self.connected().await?;
        self.heads.trim();
        if manner == Manner::Locked && !self.has_turn {
            self.lock(&session).await?;
        }
        let before = self.end.clone().ok_or_else(|| corrupt("the log's head was not read"))?;
        let judged = self.judge(&session, appends, (&before, *doubt)).await?;
        if judged.has_written() {
            self.make_room(&session, &judged.end).await?;
            let statement = AppendStatement::of(&session, &before, &judged).await?;
            let doubt_before = std::mem::replace(doubt, Doubt::MayBeStored);
            let answer = match manner {
                Manner::Gated => statement.carry_out(&session).await,
                Manner::Locked => write_and_commit(&session, &statement).await,
            };
            // Whatever else went wrong, the server says that it did nothing.
            if !answer.as_ref().is_err_and(|failure| failure.kind == FailureKind::Lost) {
                *doubt = doubt_before;
            }
            let answer = answer?;
            self.has_turn = false;
            self.hear_time(answer.now);
            if !answer.is_written {
                self.refresh(&session).await?;
                return Ok(None);
            }
        } else if manner == Manner::Locked {
            session.run(sql::COMMIT).await?;
            self.has_turn = false;
        } else if !self.is_unchanged(&session, &before).await? {
            self.refresh(&session).await?;
            return Ok(None);
        }
        let advanced = self.advance(judged, &before);
        Ok(Some(self.publish(advanced)))
    }

    /// What a group comes to behind an end of the log.
    async fn judge<'a>(
        &mut self,
        session: &Session,
        appends: &[&'a PreparedAppend],
        (end, doubt): (&LogEnd, Doubt),
    ) -> Result<Judged<'a>, Failure> {
        let tail = self.parts.tail.view();
        let viewpoint = Viewpoint {
            session,
            tail: &tail,
            end,
            published: self.published.as_ref().map_or(end.size(), LogEnd::size),
            greatest_sealed: self.greatest_sealed(session, tail.sealed).await?,
            doubt,
        };
        let known = Known::read(&viewpoint, appends, &mut self.heads).await?;
        let now = self.parts.clock.now();
        Ok(Judge::new(end.clone(), (&known, &self.heads), (now, doubt)).judge(appends))
    }

    /// The greatest id of an event that is sealed; `None` while none is.
    async fn greatest_sealed(&mut self, session: &Session, sealed: u64) -> Result<Option<EventId>, Failure> {
        if sealed == 0 {
            return Ok(None);
        }
        if let Some((at, id)) = self.greatest_sealed
            && at == sealed
        {
            return Ok(Some(id));
        }
        let rows = session.query_blocks(sql::GREATEST_SEALED_ID, (0, sealed), &[]).await?;
        let row = rows.first().ok_or_else(|| corrupt("no event is sealed where some are said to be"))?;
        let id = row.try_get::<_, Uuid>(0)?.0;
        self.greatest_sealed = Some((sealed, id));
        Ok(Some(id))
    }

    /// Begins a transaction in which nobody else writes, and learns how the log stands and what others wrote. All of it
    /// is one round trip; a lock and what is looked at under it are never one statement, which would see what was
    /// before.
    pub(super) async fn lock(&mut self, session: &Session) -> Result<(), Failure> {
        // What is prepared already is sent in this order.
        session.prepared(sql::LOCK_HEAD).await?;
        session.prepared(sql::HEAD).await?;
        session.prepared(sql::WRITTEN_SINCE).await?;
        let begin = session.run(sql::BEGIN);
        let lock = session.query(sql::LOCK_HEAD, &[]);
        let (_, _, row, written) =
            tokio::try_join!(begin, lock, read_head(session), self.written_since(session))?;
        self.is_contended = self.end.as_ref().is_some_and(|end| end.revision != row.revision);
        self.take_in(session, row, written).await?;
        self.has_turn = true;
        Ok(())
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

    /// Takes a group for written: what is judged from now on comes behind it.
    fn advance(&mut self, judged: Judged<'_>, before: &LogEnd) -> Advanced {
        for placed in &judged.events {
            self.heads.note(&placed.event.sent.stream, placed.placement.version);
        }
        let whereabouts = judged.events.first().map(|first| {
            let terms = judged.events.iter().map(|placed| EventTerms::of_event(placed.event));
            self.parts.tail.locate(first.placement.position.0, terms)
        });
        let ids = judged.events.iter().filter(|placed| !placed.event.id_is_made);
        let ids: Vec<EventId> = ids.map(|placed| placed.event.event_id).collect();
        self.ids_under_way.extend(&ids);
        let revision = if judged.has_written() { before.revision + 1 } else { before.revision };
        let end = LogEnd { revision, ..judged.end };
        self.end = Some(end.clone());
        Advanced { verdicts: judged.verdicts, end, whereabouts, ids }
    }

    /// Makes known what is committed.
    pub(super) fn publish(&mut self, advanced: Advanced) -> Vec<Verdict> {
        let Advanced { verdicts, end, whereabouts, ids } = advanced;
        ids.iter().for_each(|id| {
            self.ids_under_way.remove(id);
        });
        if let Some(whereabouts) = whereabouts {
            self.parts.tail.take_in(whereabouts);
            tell(&self.parts.head, end.head());
            self.parts.written.send_replace(end.size());
        }
        self.published = Some(end);
        verdicts
    }

    /// Takes back that groups were taken for written that are not: what they say of their streams, and the end behind
    /// them.
    pub(super) fn take_back<'a>(&mut self, appends: impl Iterator<Item = &'a PreparedAppend>) {
        for append in appends {
            let written = append.events.iter().map(|event| &event.sent.stream);
            written.for_each(|stream| self.heads.forget_one(stream));
        }
        self.ids_under_way.clear();
        self.end = self.published.clone();
    }
}

/// Writes what a group comes to and commits, in one round trip. Should the commit come first, the gate still guards the
/// group.
async fn write_and_commit(
    session: &Arc<Session>,
    statement: &AppendStatement,
) -> Result<GroupAnswer, Failure> {
    let commit = session.run(sql::COMMIT);
    let (answer, ()) = tokio::try_join!(statement.carry_out(session), commit)?;
    Ok(answer)
}
