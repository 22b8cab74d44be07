use annals_event::{AggregateId, AggregateType, StreamName};
use annals_store::{Direction, Problem};
use rusqlite::{Connection, OptionalExtension, params};

use super::indexed::Differing;
use super::problem;
use crate::errors::{Result, sqlite};
use crate::index::{Mark, indexed_paths, payload_key};
use crate::reader::{Postings, event_at};
use crate::sql;
use crate::tail::IndexedEvent;
use crate::term::Term;

/// Names the events that an index hides or shows where they are not.
pub(super) fn name_positions(
    truth: &Connection,
    index: &Connection,
    mark: &Mark,
    differing: &Differing,
    problems_max: usize,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let before = problems.len();
    if differing.event_ids || differing.postings || differing.payload_values {
        for position in 0..mark.size {
            if problems.len() >= problems_max {
                return Ok(());
            }
            let Ok(Some(event)) = event_at(truth, position) else { continue };
            let hidden = hidden_in(index, mark, &IndexedEvent::recorded(&event))?;
            problems.extend(hidden.map(|table| {
                let detail = format!("table {table} of the index does not lead to the event");
                problem("index-hides-event", Some(position), detail)
            }));
        }
        if problems.len() == before {
            let detail = "the index leads to events under values that they do not have";
            problems.push(problem("index-altered", None, detail));
        }
    }
    if differing.streams { check_streams(truth, index, problems_max, problems) } else { Ok(()) }
}

/// The table that lacks the event, if there is one.
fn hidden_in(index: &Connection, mark: &Mark, event: &IndexedEvent<'_>) -> Result<Option<&'static str>> {
    let mut statement = index.prepare_cached(sql::INDEX_EVENT_ID).map_err(sqlite)?;
    let id = event.event_id;
    let found: Option<u64> =
        statement.query_row(params![id.as_bytes()], |row| row.get(0)).optional().unwrap_or_default();
    if found != Some(event.position) {
        return Ok(Some("event_ids"));
    }
    let mut terms = Vec::new();
    event.each_term(|term| terms.push(term));
    for term in terms {
        if !leads_to(index, mark, term, event.position) {
            return Ok(Some("postings"));
        }
    }
    for (path, pointer) in indexed_paths(mark).unwrap_or_default().iter().enumerate() {
        if let Some(key) = event.payload.and_then(|payload| payload_key(payload.at(pointer)?)) {
            let mut statement = index.prepare_cached(sql::INDEX_PAYLOAD_VALUE).map_err(sqlite)?;
            if !statement.exists(params![path, key, event.position]).map_err(sqlite)? {
                return Ok(Some("payload_values"));
            }
        }
    }
    Ok(None)
}

/// Whether a reader of either direction finds the position; rows that cannot be read lead nowhere.
fn leads_to(index: &Connection, mark: &Mark, term: Term, position: u64) -> bool {
    [Direction::Forwards, Direction::Backwards].into_iter().all(|direction| {
        let mut postings = Postings::of_term(index, term, mark.size, Vec::new());
        postings.seek(position, direction).is_ok_and(|found| found == Some(position))
    })
}

/// Every stream's row must tell of its last event.
fn check_streams(
    truth: &Connection,
    index: &Connection,
    problems_max: usize,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let before = problems.len();
    let mut statement = index.prepare_cached(sql::INDEX_ALL_STREAMS).map_err(sqlite)?;
    let mut rows = statement.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        if problems.len() >= problems_max {
            return Ok(());
        }
        let text = |at| row.get::<_, String>(at).unwrap_or_default();
        let stream = StreamName {
            aggregate_type: AggregateType::from_stored(&text(0)),
            aggregate_id: AggregateId::from_stored(&text(1)),
        };
        let number = |at| row.get::<_, i64>(at).ok();
        let last = number(3).and_then(|position| u64::try_from(position).ok());
        let event = last.map(|position| event_at(truth, position)).transpose().ok().flatten().flatten();
        let agrees = event.is_some_and(|event| {
            event.stream().as_ref() == Some(&stream)
                && i64::try_from(event.version.0).ok() == number(2)
                && Some(event.timestamp.as_micros()) == number(4)
        });
        if !agrees {
            let detail = format!("the index is wrong about the last event of stream {stream}");
            problems.push(problem("index-altered", last, detail));
        }
    }
    if problems.len() == before {
        let detail = "table streams of the index lacks a stream or is behind on one";
        problems.push(problem("index-altered", None, detail));
    }
    Ok(())
}
