//! What is asked of the database for an item of a question.

use annals_store::{QueryItem, TimeRange};

use crate::payload_path::{PathValue, PayloadPaths};
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
    /// By what the payload contains.
    Content,
    /// By the order of such values of the payload, which stand at this path.
    Order(PathValue, Ordered),
    /// In the zones of positions that meet a range of time.
    Zones,
    /// One after the other.
    Scan,
}

/// Values that have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordered {
    Numbers,
    Texts,
}

/// A look-up with what it looks for.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) look_up: LookUp,
    pub(super) keys: Option<Vec<String>>,
    /// How many of the item's demands on the payload it fulfils, mostly.
    pub(super) predicates: usize,
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
        Self::by(way(item, paths), item, paths)
    }

    /// The same by the event type, where few positions come into question for the time.
    pub(super) fn by_event_type(item: &QueryItem, paths: &PayloadPaths) -> Self {
        Self::by(Way::plain(LookUp::EventType, event_types(item)), item, paths)
    }

    /// The same by another way.
    pub(super) fn by(way: Way, item: &QueryItem, paths: &PayloadPaths) -> Self {
        let Way { look_up, keys, predicates } = way;
        let predicate = paths.of(&item.payload).map(|(_, predicate)| predicate);
        let payload_term =
            predicate.and_then(|predicate| Term::payload(&predicate.pointer, &predicate.value.to_string()));
        let payload_is_checked = item.payload.len() == predicates;
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

    /// Whether many events may fulfil the condition that events are found by, so that what their payloads contain may say
    /// more.
    pub(super) fn is_wide(&self) -> bool {
        matches!(self.look_up, LookUp::Actor | LookUp::EventType | LookUp::Zones | LookUp::Scan)
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
            LookUp::Content | LookUp::Order(..) | LookUp::Zones | LookUp::Scan => return None,
        })
    }

    /// How many positions a statement may look at, after so many that found too little: where the database may have
    /// to look at many events to find one, no statement takes long.
    pub(super) fn span(&self, statements: u32) -> u64 {
        match self.look_up {
            LookUp::Zones => 4_u64.saturating_pow(statements).saturating_mul(ZONED_SPAN_MIN),
            LookUp::Content | LookUp::Order(..) => SCANNED_SPAN,
            LookUp::Scan if self.aggregate_type.is_some() => SCANNED_SPAN,
            _ => u64::MAX,
        }
    }
}

impl Way {
    /// One by something else than the payload.
    fn plain(look_up: LookUp, keys: Option<Vec<String>>) -> Self {
        Self { look_up, keys, predicates: 0 }
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

fn way(item: &QueryItem, paths: &PayloadPaths) -> Way {
    if !item.streams.is_empty() {
        let ids = item.streams.iter().map(|stream| stream.aggregate_id.to_string()).collect();
        return Way::plain(LookUp::AggregateId, distinct(ids));
    }
    if let Some(id) = &item.aggregate_id {
        return Way::plain(LookUp::AggregateId, Some(vec![id.to_string()]));
    }
    if let Some(id) = &item.correlation_id {
        return Way::plain(LookUp::Correlation, Some(vec![id.clone()]));
    }
    if let Some((value, predicate)) = paths.of(&item.payload) {
        let keys = Some(vec![predicate.value.to_string()]);
        return Way { look_up: LookUp::Payload(value), keys, predicates: 1 };
    }
    if !item.tags.is_empty() {
        return Way::plain(LookUp::Tags, Some(item.tags.iter().map(ToString::to_string).collect()));
    }
    if let Some(actor) = &item.actor_id {
        return Way::plain(LookUp::Actor, Some(vec![actor.to_string()]));
    }
    // Mostly events are recorded about when they happen, so few zones meet a range.
    if item.timestamp != TimeRange::default() {
        return Way::plain(LookUp::Zones, None);
    }
    if !item.event_types.is_empty() {
        return Way::plain(LookUp::EventType, event_types(item));
    }
    Way::plain(LookUp::Scan, None)
}
