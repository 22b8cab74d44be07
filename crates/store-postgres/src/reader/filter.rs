//! The one place where statements are put together: from the parts of `page*.sql`, by a question's look-up and
//! direction.

use std::sync::{Mutex, OnceLock, PoisonError};

use annals_store::{Direction, QueryItem, TimeRange};

use crate::payload_path::{PathValue, PayloadPaths};
use crate::sql;
use crate::tail::{Term, Wanted};

/// So many positions are scanned by one statement, where few of them may match.
pub(super) const SCANNED_SPAN: u64 = 131_072;

/// So many by the first statement where zones without a match are left out, and four times as many by each further
/// one: a wide range of time is read page by page, and a narrow one is found in few steps.
const ZONED_SPAN_MIN: u64 = 16_384;

/// How the events are found that may match an item: by the condition that few events fulfil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookUp {
    AggregateId,
    Correlation,
    Tags,
    Actor,
    EventType,
    /// By a value of the payload, which stands at this path.
    Payload(PathValue),
    /// In the zones of positions that meet a range of time.
    Zones,
    /// One after the other.
    Scan,
}

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
    /// What the tail knows, at the positions that it says.
    Known,
    /// What is neither, one after the other.
    Unknown,
}

/// What is asked of the database for one item of a question: a superset of the events that match it.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) look_up: LookUp,
    /// The values that are looked up.
    pub(super) keys: Option<Vec<String>>,
    pub(super) event_types: Option<Vec<String>>,
    pub(super) streams: Option<Vec<String>>,
    pub(super) aggregate_type: Option<String>,
    pub(super) aggregate_id: Option<String>,
    pub(super) actor_id: Option<String>,
    pub(super) earliest: Option<i64>,
    pub(super) latest: Option<i64>,
    /// What the tail knows the wanted value of the payload by.
    payload_term: Option<Term>,
    /// Whether all that is found matches, mostly.
    pub(super) is_exact: bool,
}

impl Filter {
    pub(super) fn of(item: &QueryItem, paths: &PayloadPaths) -> Self {
        Self::by(look_up(item, paths), item, paths)
    }

    /// The same by the event type, where few positions come into question for the time.
    pub(super) fn by_event_type(item: &QueryItem, paths: &PayloadPaths) -> Self {
        Self::by((LookUp::EventType, event_types(item)), item, paths)
    }

    fn by((look_up, keys): (LookUp, Option<Vec<String>>), item: &QueryItem, paths: &PayloadPaths) -> Self {
        let predicate = paths.of(&item.payload).map(|(_, predicate)| predicate);
        let payload_term =
            predicate.and_then(|predicate| Term::payload(&predicate.pointer, &predicate.value.to_string()));
        let payload_is_checked =
            item.payload.is_empty() || (matches!(look_up, LookUp::Payload(_)) && item.payload.len() == 1);
        let texts = |texts: Vec<String>| (!texts.is_empty()).then_some(texts);
        let tags_are_checked = item.tags.is_empty() || look_up == LookUp::Tags;
        let correlation_is_checked = item.correlation_id.is_none() || look_up == LookUp::Correlation;
        Self {
            look_up,
            keys,
            event_types: texts(item.event_types.iter().map(ToString::to_string).collect()),
            streams: texts(item.streams.iter().map(ToString::to_string).collect()),
            aggregate_type: item.aggregate_type.as_ref().map(ToString::to_string),
            aggregate_id: item.aggregate_id.as_ref().map(ToString::to_string),
            actor_id: item.actor_id.as_ref().map(ToString::to_string),
            earliest: item.timestamp.from.map(annals_event::Timestamp::as_micros),
            latest: item.timestamp.to.map(annals_event::Timestamp::as_micros),
            payload_term,
            is_exact: payload_is_checked && tags_are_checked && correlation_is_checked,
        }
    }

    /// Which events of the tail may match; nothing where the whole log is gone through by positions.
    pub(super) fn wanted(&self) -> Option<Wanted> {
        let keys = self.keys.as_deref().unwrap_or_default().iter().map(String::as_str);
        Some(match self.look_up {
            LookUp::AggregateId => Wanted::AnyOf(keys.map(Term::aggregate_id).collect()),
            LookUp::Correlation => Wanted::AnyOf(keys.map(Term::correlation).collect()),
            LookUp::Actor => Wanted::AnyOf(keys.map(Term::actor).collect()),
            LookUp::EventType => Wanted::AnyOf(keys.map(Term::event_type).collect()),
            LookUp::Tags => Wanted::AllOf(keys.map(Term::tag).collect()),
            LookUp::Payload(_) => Wanted::AnyOf(self.payload_term.into_iter().collect()),
            LookUp::Zones | LookUp::Scan => return None,
        })
    }

    /// How many positions a statement may look at, after so many that found too little: where the database may have
    /// to look at many events to find one, no statement takes long.
    pub(super) fn span(&self, statements: u32) -> u64 {
        match self.look_up {
            LookUp::Zones => 4_u64.saturating_pow(statements).saturating_mul(ZONED_SPAN_MIN),
            LookUp::Scan if self.aggregate_type.is_some() => SCANNED_SPAN,
            _ => u64::MAX,
        }
    }
}

/// The event types that are asked for, each once.
fn event_types(item: &QueryItem) -> Option<Vec<String>> {
    distinct(item.event_types.iter().map(ToString::to_string).collect())
}

fn distinct(mut values: Vec<String>) -> Option<Vec<String>> {
    values.sort_unstable();
    values.dedup();
    Some(values)
}

fn look_up(item: &QueryItem, paths: &PayloadPaths) -> (LookUp, Option<Vec<String>>) {
    if !item.streams.is_empty() {
        let ids = item.streams.iter().map(|stream| stream.aggregate_id.to_string()).collect();
        return (LookUp::AggregateId, distinct(ids));
    }
    if let Some(id) = &item.aggregate_id {
        return (LookUp::AggregateId, Some(vec![id.to_string()]));
    }
    if let Some(id) = &item.correlation_id {
        return (LookUp::Correlation, Some(vec![id.clone()]));
    }
    if let Some((value, predicate)) = paths.of(&item.payload) {
        return (LookUp::Payload(value), Some(vec![predicate.value.to_string()]));
    }
    if !item.tags.is_empty() {
        return (LookUp::Tags, Some(item.tags.iter().map(ToString::to_string).collect()));
    }
    if let Some(actor) = &item.actor_id {
        return (LookUp::Actor, Some(vec![actor.to_string()]));
    }
    // Mostly events are recorded about when they happen, so few zones meet a range.
    if item.timestamp != TimeRange::default() {
        return (LookUp::Zones, None);
    }
    if !item.event_types.is_empty() {
        return (LookUp::EventType, event_types(item));
    }
    (LookUp::Scan, None)
}

/// The statement of a look-up in a part of the log, put together once.
pub(super) fn statement(look_up: LookUp, place: Place, direction: Direction) -> &'static str {
    if matches!(look_up, LookUp::Payload(_)) {
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
        let whole = [LookUp::Zones, LookUp::Scan].map(|look_up| (look_up, Place::Whole));
        let both = |(look_up, place)| {
            [Direction::Forwards, Direction::Backwards]
                .map(|direction| (look_up, place, direction, put_together(look_up, place, direction)))
        };
        keyed.chain(whole).flat_map(both).collect()
    })
}

fn put_together(look_up: LookUp, place: Place, direction: Direction) -> String {
    let matches = match (place, look_up) {
        (Place::Sealed, LookUp::Tags) => sql::PAGE_TAGGED,
        (Place::Sealed, _) => sql::PAGE_KEYED,
        (Place::Known, _) => sql::PAGE_AT,
        (Place::Whole, LookUp::Zones) => sql::PAGE_ZONED,
        (Place::Whole | Place::Unknown, _) => sql::PAGE_SCANNED,
    };
    let value = match look_up {
        LookUp::AggregateId => "event.aggregate_id",
        LookUp::Correlation => "event.metadata::json ->> 'correlationId'",
        LookUp::Actor => "event.actor_id",
        LookUp::EventType => "event.event_type",
        LookUp::Payload(value) => value.0,
        LookUp::Tags | LookUp::Zones | LookUp::Scan => "",
    };
    let demand = match look_up {
        LookUp::Tags => "event.tags::jsonb ?& $5::text[]".to_owned(),
        LookUp::Zones | LookUp::Scan => "$5::text[] IS NULL".to_owned(),
        LookUp::Payload(_) => format!("({value})::jsonb = ANY ($5::text[]::jsonb[])"),
        _ => format!("{value} = ANY ($5::text[])"),
    };
    // The partial index is used only by whoever says that there is something.
    let there = match look_up {
        LookUp::Correlation => "(event.metadata::json ->> 'correlationId') IS NOT NULL AND".to_owned(),
        LookUp::Payload(_) => format!("({value}) IS NOT NULL AND"),
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

#[cfg(unix)]
#[cfg(test)]
pub(crate) fn every_statement() -> impl Iterator<Item = &'static str> {
    statements().iter().map(|(.., statement)| statement.as_str())
}
