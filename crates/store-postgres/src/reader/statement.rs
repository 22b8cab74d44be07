//! The one place where statements are put together: from the parts of `page*.sql`, by a question's look-up and
//! direction.

use std::sync::{Mutex, OnceLock, PoisonError};

use annals_store::Direction;

use super::filter::{LookUp, Ordered};
use crate::payload_path::PathValue;
use crate::sql;

/// Those for which blocks have indexes once they are sealed.
const KEYED: [LookUp; 5] =
    [LookUp::AggregateId, LookUp::Correlation, LookUp::Tags, LookUp::Actor, LookUp::EventType];

/// Which part of the log a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// All of it, by positions.
    Whole,
    /// What is sealed, by its indexes.
    Sealed,
    /// Blocks that have an index in another order than that of reading.
    Gathered,
    /// What the tail knows, at the positions that it says.
    Known,
    /// What is neither, one after the other.
    Unknown,
}

/// The statement of a look-up in a part of the log, put together once.
pub(super) fn statement(look_up: LookUp, place: Place, direction: Direction) -> &'static str {
    if matches!(look_up, LookUp::Payload(_) | LookUp::Order(..)) {
        return statement_of_path(look_up, place, direction);
    }
    let found = statements().iter().find(|known| (known.0, known.1, known.2) == (look_up, place, direction));
    found.map_or("", |(.., statement)| statement)
}

/// The same for a path, of which there are as many as somebody configures.
fn statement_of_path(look_up: LookUp, place: Place, direction: Direction) -> &'static str {
    type Known = Vec<(LookUp, Place, Direction, &'static str)>;
    static KNOWN: Mutex<Known> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known.iter().find(|known| (known.0, known.1, known.2) == (look_up, place, direction));
    if let Some((.., statement)) = found {
        return statement;
    }
    let statement: &'static str = Box::leak(put_together(look_up, place, direction).into_boxed_str());
    known.push((look_up, place, direction, statement));
    statement
}

fn statements() -> &'static [(LookUp, Place, Direction, String)] {
    static STATEMENTS: OnceLock<Vec<(LookUp, Place, Direction, String)>> = OnceLock::new();
    STATEMENTS.get_or_init(|| {
        let parts = [Place::Sealed, Place::Known, Place::Unknown];
        let keyed = KEYED.into_iter().flat_map(|look_up| parts.map(|place| (look_up, place)));
        let gathered = [Place::Gathered, Place::Unknown].map(|place| (LookUp::Content, place));
        let whole = [LookUp::Zones, LookUp::Scan].map(|look_up| (look_up, Place::Whole));
        let both = |(look_up, place)| {
            [Direction::Forwards, Direction::Backwards]
                .map(|direction| (look_up, place, direction, put_together(look_up, place, direction)))
        };
        keyed.chain(gathered).chain(whole).flat_map(both).collect()
    })
}

fn put_together(look_up: LookUp, place: Place, direction: Direction) -> String {
    let matches = match (place, look_up) {
        (Place::Sealed, LookUp::Tags) => sql::PAGE_TAGGED,
        (Place::Sealed, _) => sql::PAGE_KEYED,
        (Place::Gathered, _) => sql::PAGE_GATHERED,
        (Place::Known, _) => sql::PAGE_AT,
        (Place::Whole, LookUp::Zones) => sql::PAGE_ZONED,
        (Place::Whole | Place::Unknown, _) => sql::PAGE_SCANNED,
    };
    let value = value(look_up);
    let demand = demand(look_up, value);
    // Where one after the other is looked at, each is held against all that is wanted.
    let demand = match (place, look_up) {
        (Place::Unknown, LookUp::Content | LookUp::Order(..)) => {
            format!("EXISTS (SELECT FROM unnest($5::text[]) AS wanted (value) WHERE {demand})")
        }
        _ => demand,
    };
    // The partial index is used only by whoever says that there is something.
    let there = match look_up {
        LookUp::Correlation => "(event.metadata::json ->> 'correlationId') IS NOT NULL AND".to_owned(),
        LookUp::Payload(_) | LookUp::Order(..) => format!("({value}) IS NOT NULL AND"),
        _ => String::new(),
    };
    let (key, wanted) = match look_up {
        LookUp::Payload(_) => (
            format!("jsonb_hash_extended(({value})::jsonb, 0)"),
            "jsonb_hash_extended(wanted.value::jsonb, 0)",
        ),
        _ => (format!("hashtextextended({value}, 0)"), "hashtextextended(wanted.value, 0)"),
    };
    let order = match direction {
        Direction::Forwards => "ASC",
        Direction::Backwards => "DESC",
    };
    sql::PAGE
        .replace("{matches}", matches)
        .replace("{there}", &there)
        .replace("{demand}", &demand)
        .replace("{key}", &key)
        .replace("{wanted}", wanted)
        .replace("{order}", order)
}

/// What of an event is looked up, in SQL.
fn value(look_up: LookUp) -> &'static str {
    match look_up {
        LookUp::AggregateId => "event.aggregate_id",
        LookUp::Correlation => "event.metadata::json ->> 'correlationId'",
        LookUp::Actor => "event.actor_id",
        LookUp::EventType => "event.event_type",
        LookUp::Payload(PathValue(value)) | LookUp::Order(PathValue(value), _) => value,
        LookUp::Content => "event.payload::jsonb",
        LookUp::Tags | LookUp::Zones | LookUp::Scan => "",
    }
}

/// What is demanded of it. Ranges are an array of their ends, null where they are open; the keys of their values include
/// both ends.
fn demand(look_up: LookUp, value: &str) -> String {
    match look_up {
        LookUp::Tags => "event.tags::jsonb ?& $5::text[]".to_owned(),
        LookUp::Zones | LookUp::Scan => "$5::text[] IS NULL".to_owned(),
        LookUp::Payload(_) => format!("({value})::jsonb = ANY ($5::text[]::jsonb[])"),
        LookUp::Content => format!("{value} @> wanted.value::jsonb"),
        LookUp::Order(_, Ordered::Numbers) => {
            let number = format!("payload_number(({value})::jsonb)");
            format!(
                "{number} >= coalesce(payload_number(wanted.value::jsonb -> 0), '-Infinity') \
                 AND {number} <= coalesce(payload_number(wanted.value::jsonb -> 1), 'Infinity')"
            )
        }
        LookUp::Order(_, Ordered::Texts) => {
            let text = format!("(payload_text(({value})::jsonb)) COLLATE \"C\"");
            // No string of a payload begins with the last code point.
            format!(
                "payload_number(({value})::jsonb) IS NULL \
                 AND {text} >= coalesce(payload_text(wanted.value::jsonb -> 0), '') \
                 AND {text} <= coalesce(payload_text(wanted.value::jsonb -> 1), chr(1114111))"
            )
        }
        LookUp::AggregateId | LookUp::Correlation | LookUp::Actor | LookUp::EventType => {
            format!("{value} = ANY ($5::text[])")
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
pub(crate) fn every_statement() -> impl Iterator<Item = &'static str> {
    statements().iter().map(|(.., statement)| statement.as_str())
}
