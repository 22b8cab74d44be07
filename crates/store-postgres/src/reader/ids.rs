use annals_event::{EventId, Position};
use annals_store::Direction;
use tokio_postgres::Row;

use crate::connection::{Parameters, Session};
use crate::errors::Failure;
use crate::row::EventColumns;
use crate::sql;
use crate::tail::{TailView, Term, Wanted};
use crate::uuid::Uuid;

/// Finds the position of an event by its id.
pub(crate) async fn position_of(
    session: &Session,
    (tail, size): (&TailView, u64),
    id: EventId,
) -> Result<Option<Position>, Failure> {
    let rows = events_with_ids(session, (tail, size), &[Uuid(id)]).await?;
    for row in &rows {
        let columns = EventColumns::from(row, 0);
        if columns.event_id().is_ok_and(|found| found == id) {
            return Ok(columns.position()?);
        }
    }
    Ok(None)
}

/// Whether it is known without asking that no event below `size` has one of some ids, of which none is sealed.
pub(crate) fn are_unknown((tail, size): (&TailView, u64), ids: &[Uuid]) -> bool {
    tail.reaches(size) && positions(tail, size, ids).is_empty()
}

/// Where events may stand in the tail that have one of some ids.
fn positions(tail: &TailView, size: u64, ids: &[Uuid]) -> Vec<u64> {
    let terms = ids.iter().map(|id| Term::event_id(id.0)).collect();
    tail.positions(&Wanted::AnyOf(terms), (0, size), Direction::Forwards, usize::MAX)
}

/// The rows of the events below `size` that have one of some ids, and maybe of others.
pub(crate) async fn events_with_ids(
    session: &Session,
    (tail, size): (&TailView, u64),
    ids: &[Uuid],
) -> Result<Vec<Row>, Failure> {
    let positions: Vec<i64> = positions(tail, size, ids).into_iter().map(u64::cast_signed).collect();
    let unknown_from = tail.until.min(size).cast_signed();
    let parameters: Parameters<'_> = &[&ids, &positions, &unknown_from, &size.cast_signed()];
    session.query_blocks(sql::EVENTS_WITH_IDS, (0, tail.sealed), parameters).await
}
