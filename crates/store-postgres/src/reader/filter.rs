//! The one place where statements are put together: from the parts of `page*.sql`, by a question's look-up and
//! direction.

use std::sync::OnceLock;

use annals_store::{Direction, QueryItem};

use crate::sql;

/// How the events are found that may match an item: by the condition that few events fulfil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookUp {
    AggregateId,
    Correlation,
    Tags,
    Actor,
    EventType,
    /// One after the other.
    Scan,
}

const LOOK_UPS: [LookUp; 6] =
    [LookUp::AggregateId, LookUp::Correlation, LookUp::Tags, LookUp::Actor, LookUp::EventType, LookUp::Scan];

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
    /// Whether all that is found matches, mostly.
    pub(super) is_exact: bool,
}

impl Filter {
    pub(super) fn of(item: &QueryItem) -> Self {
        let (look_up, keys) = look_up(item);
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
            is_exact: item.payload.is_empty() && tags_are_checked && correlation_is_checked,
        }
    }

    /// Whether the database may have to look at many events to find one.
    pub(super) fn is_long(&self) -> bool {
        self.look_up == LookUp::Scan
            && (self.aggregate_type.is_some() || self.earliest.is_some() || self.latest.is_some())
    }

    /// The statement that finds the events.
    pub(super) fn statement(&self, direction: Direction) -> &'static str {
        statement(self.look_up, direction)
    }
}

fn look_up(item: &QueryItem) -> (LookUp, Option<Vec<String>>) {
    let distinct = |values: Vec<String>| {
        let mut values = values;
        values.sort_unstable();
        values.dedup();
        Some(values)
    };
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
    if !item.tags.is_empty() {
        return (LookUp::Tags, Some(item.tags.iter().map(ToString::to_string).collect()));
    }
    if let Some(actor) = &item.actor_id {
        return (LookUp::Actor, Some(vec![actor.to_string()]));
    }
    if !item.event_types.is_empty() {
        return (LookUp::EventType, distinct(item.event_types.iter().map(ToString::to_string).collect()));
    }
    (LookUp::Scan, None)
}

/// A statement, put together once.
fn statement(look_up: LookUp, direction: Direction) -> &'static str {
    static STATEMENTS: OnceLock<Vec<(LookUp, Direction, String)>> = OnceLock::new();
    let statements = STATEMENTS.get_or_init(|| {
        let both = [Direction::Forwards, Direction::Backwards];
        LOOK_UPS
            .into_iter()
            .flat_map(|look_up| both.map(|direction| (look_up, direction, put_together(look_up, direction))))
            .collect()
    });
    let found = statements.iter().find(|known| known.0 == look_up && known.1 == direction);
    found.map_or("", |(_, _, statement)| statement)
}

fn put_together(look_up: LookUp, direction: Direction) -> String {
    let (matches, key) = match look_up {
        LookUp::AggregateId => (sql::PAGE_KEYED, "hashtextextended(event.aggregate_id, 0)"),
        LookUp::Correlation => {
            (sql::PAGE_KEYED, "hashtextextended(event.metadata::json ->> 'correlationId', 0)")
        }
        LookUp::Actor => (sql::PAGE_KEYED, "hashtextextended(event.actor_id, 0)"),
        LookUp::EventType => (sql::PAGE_KEYED, "hashtextextended(event.event_type, 0)"),
        LookUp::Tags => (sql::PAGE_TAGGED, ""),
        LookUp::Scan => (sql::PAGE_SCANNED, ""),
    };
    // The partial index is used only by whoever says that there is something.
    let is_there = "(event.metadata::json ->> 'correlationId') IS NOT NULL AND ";
    let key = if look_up == LookUp::Correlation { format!("{is_there}{key}") } else { key.to_owned() };
    let order = match direction {
        Direction::Forwards => "ASC",
        Direction::Backwards => "DESC",
    };
    sql::PAGE.replace("{matches}", matches).replace("{key}", &key).replace("{order}", order)
}

#[cfg(test)]
pub(crate) fn every_statement() -> impl Iterator<Item = &'static str> {
    let both = [Direction::Forwards, Direction::Backwards];
    LOOK_UPS.into_iter().flat_map(move |look_up| both.map(|direction| statement(look_up, direction)))
}
