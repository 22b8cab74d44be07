use annals_event::Timestamp;
use bytes::BytesMut;
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use super::end::LogEnd;
use super::judge::Judged;
use super::records::{Cursors, EncodeError, EventRecords, Subtrees};
use crate::connection::{Parameters, Session};
use crate::errors::{Failure, FailureKind, corrupt, unavailable};
use crate::sql;
use crate::uuid::Uuid;

/// The statement that writes a group behind the end at which it was judged. It borrows nothing of the group, so that it
/// can be under way while the next one is judged.
pub(super) struct AppendStatement {
    revision: i64,
    frontier_before: Vec<u8>,
    size: i64,
    recorded_at: Option<i64>,
    frontier: Vec<u8>,
    greatest_id: Option<Uuid>,
    events: EncodedEvents,
    /// What most small groups do not have.
    more: Option<(Subtrees, Cursors)>,
}

/// What the server says of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupAnswer {
    /// Whether it is written: nobody wrote since the end at which it was judged.
    pub(super) is_written: bool,
    /// The server's time, in microseconds since 1970-01-01T00:00:00Z.
    pub(super) now: i64,
}

/// A value of the type `events[]`, as it travels.
#[derive(Debug)]
struct EncodedEvents(BytesMut);

impl AppendStatement {
    /// The statement for what a group comes to behind `before`. What it needs is prepared.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be prepared, or the table is not the one that this program knows.
    pub(super) async fn of(session: &Session, before: &LogEnd, judged: &Judged<'_>) -> Result<Self, Failure> {
        let end = &judged.end;
        let is_plain = judged.subtrees.is_empty() && judged.cursors.is_empty();
        let statement = if is_plain { sql::APPEND_EVENTS } else { sql::APPEND };
        let prepared = session.prepared(statement).await?;
        let events = prepared.params().get(4).ok_or_else(|| corrupt("an append has no events"))?;
        Ok(Self {
            revision: before.revision,
            frontier_before: before.frontier.to_bytes(),
            size: end.size().cast_signed(),
            recorded_at: end.recorded_at.map(Timestamp::as_micros),
            frontier: end.frontier.to_bytes(),
            greatest_id: end.greatest_id.map(Uuid),
            events: EncodedEvents::of(&EventRecords(&judged.events), events)?,
            more: (!is_plain).then(|| (Subtrees::of(judged), Cursors::of(judged))),
        })
    }

    /// Sends it, when it is first polled, and waits for the answer.
    ///
    /// # Errors
    /// [`Failure`]; one of the kind [`FailureKind::Lost`] leaves open whether the group is written.
    pub(super) async fn carry_out(&self, session: &Session) -> Result<GroupAnswer, Failure> {
        let row = match &self.more {
            None => {
                let parameters: Parameters<'_> = &[
                    &self.revision,
                    &self.size,
                    &self.recorded_at,
                    &self.frontier,
                    &self.events,
                    &self.greatest_id,
                    &self.frontier_before,
                ];
                session.query_optional(sql::APPEND_EVENTS, parameters).await?
            }
            Some((subtrees, cursors)) => {
                let parameters: Parameters<'_> = &[
                    &self.revision,
                    &self.size,
                    &self.recorded_at,
                    &self.frontier,
                    &self.events,
                    &subtrees.levels,
                    &subtrees.numbers,
                    &subtrees.hashes,
                    &cursors.names,
                    &cursors.values,
                    &cursors.hashes,
                    &self.greatest_id,
                    &self.frontier_before,
                ];
                session.query_optional(sql::APPEND, parameters).await?
            }
        };
        let row = row.ok_or_else(|| corrupt("an append gave no answer"))?;
        Ok(GroupAnswer { is_written: row.try_get::<_, Option<i64>>(0)?.is_some(), now: row.try_get(1)? })
    }
}

impl EncodedEvents {
    fn of(records: &EventRecords<'_>, ty: &Type) -> Result<Self, Failure> {
        let mut bytes = BytesMut::new();
        let refused = |error: EncodeError| Failure {
            kind: FailureKind::Refused,
            error: unavailable(format!("events cannot be written as rows: {error}")),
        };
        records.encode(ty, &mut bytes).map_err(refused)?;
        Ok(Self(bytes))
    }
}

impl ToSql for EncodedEvents {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(element) if matches!(element.kind(), Kind::Composite(_)))
    }

    to_sql_checked!();
}

// A server for tests is to be had on Unix only.
#[cfg(unix)]
#[cfg(test)]
mod tests {
    use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
    use annals_tlog::{Frontier, leaf_hash};

    use super::*;
    use crate::connection::Connector;
    use crate::options::PostgresOptions;
    use crate::writer::read_head;

    /// A group that has nothing but its gate, by either statement.
    async fn gate(
        session: &Session,
        (revision, frontier): (i64, &Frontier),
        is_plain: bool,
    ) -> AppendStatement {
        let statement = if is_plain { sql::APPEND_EVENTS } else { sql::APPEND };
        let prepared = session.prepared(statement).await.unwrap();
        AppendStatement {
            revision,
            frontier_before: frontier.to_bytes(),
            size: 0,
            recorded_at: None,
            frontier: Frontier::new().to_bytes(),
            greatest_id: None,
            events: EncodedEvents::of(&EventRecords(&[]), &prepared.params()[4]).unwrap(),
            more: (!is_plain).then(Default::default),
        }
    }

    #[tokio::test]
    async fn a_group_passes_its_gate_behind_the_very_end_at_which_it_was_judged_and_nowhere_else() {
        let location = log_url(shared_server(), &fresh_schema_name());
        let options = PostgresOptions::new(location.parse().unwrap());
        crate::PostgresEventStore::migrate(&options).await.unwrap();
        let session = Connector::new(options.location).unwrap().connect().await.unwrap();
        // Another process may come to the same revision by other events.
        let mut another = Frontier::new();
        another.push(leaf_hash(b"written by somebody else"), |_| ());
        for is_plain in [true, false] {
            let head = read_head(&session).await.unwrap();
            for (end, passes) in [
                ((head.revision, &another), false),
                ((head.revision + 1, &head.frontier), false),
                ((head.revision, &head.frontier), true),
                ((head.revision, &head.frontier), false),
            ] {
                let answer = gate(&session, end, is_plain).await.carry_out(&session).await.unwrap();
                assert_eq!(answer.is_written, passes, "{end:?} of {}, plain: {is_plain}", head.revision);
            }
        }
    }
}
