//! Short ways to say events, queries and places.

use annals_event::{
    ActorId, AggregateType, Context, CursorName, EventId, EventType, JsonObject, NewEvent, RecordedEvent,
    SchemaVersion, StreamName, StreamVersion, Tag, Tags, Timestamp,
};
use annals_store::{
    Append, AppendCondition, CursorAdvance, CursorValue, ExpectedVersion, PayloadPredicate, Query, QueryItem,
};

/// An event of a stream such as `Order/1`, with an empty payload.
pub(crate) fn event(stream: &str, event_type: &str) -> NewEvent {
    NewEvent::new(self::stream(stream), self::event_type(event_type), JsonObject::empty())
}

/// `count` events of one stream.
pub(crate) fn events(stream: &str, count: u64) -> Append {
    append((1..=count).map(|n| event(stream, "Counted").payload(&format!(r#"{{"n":{n}}}"#))))
}

/// The event with this number as its id, of a stream of its own.
pub(crate) fn numbered(id: u128) -> NewEvent {
    event(&format!("Numbered/{id}"), "Counted").id(id)
}

pub(crate) fn append(events: impl IntoIterator<Item = NewEvent>) -> Append {
    Append { events: events.into_iter().collect(), ..Append::default() }
}

pub(crate) fn stream(name: &str) -> StreamName {
    name.parse().unwrap()
}

pub(crate) fn event_type(name: &str) -> EventType {
    EventType::new(name).unwrap()
}

pub(crate) fn aggregate_type(name: &str) -> AggregateType {
    AggregateType::new(name).unwrap()
}

pub(crate) fn tag(name: &str) -> Tag {
    Tag::new(name).unwrap()
}

pub(crate) fn object(text: &str) -> JsonObject {
    JsonObject::new(text).unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn event_id(number: u128) -> EventId {
    EventId::from_bytes(number.to_be_bytes())
}

pub(crate) fn exactly(version: u64) -> ExpectedVersion {
    ExpectedVersion::Exactly(StreamVersion(version))
}

pub(crate) fn cursor_name(name: &str) -> CursorName {
    CursorName::new(name).unwrap()
}

pub(crate) fn value(text: &str) -> CursorValue {
    CursorValue(text.into())
}

/// A cursor's move; from no place when `from` is empty.
pub(crate) fn advance(name: &str, from: &str, to: &str) -> CursorAdvance {
    let from = (!from.is_empty()).then(|| value(from));
    CursorAdvance { name: cursor_name(name), from, to: value(to) }
}

pub(crate) fn of_type(name: &str) -> QueryItem {
    QueryItem { event_types: vec![event_type(name)], ..QueryItem::default() }
}

pub(crate) fn tagged(tags: &[&str]) -> QueryItem {
    QueryItem { tags: tags.iter().map(|name| tag(name)).collect(), ..QueryItem::default() }
}

pub(crate) fn of_actor(name: &str) -> QueryItem {
    QueryItem { actor_id: Some(ActorId::new(name).unwrap()), ..QueryItem::default() }
}

/// Events for whose payload these statements hold, such as `/total > 100`.
pub(crate) fn with_payload(predicates: &[&str]) -> QueryItem {
    let payload = predicates.iter().map(|text| text.parse::<PayloadPredicate>().unwrap()).collect();
    QueryItem { payload, ..QueryItem::default() }
}

pub(crate) fn any_of(items: impl IntoIterator<Item = QueryItem>) -> Query {
    Query { items: items.into_iter().collect() }
}

/// The places of events, in their order.
pub(crate) fn places(events: &[RecordedEvent]) -> Vec<(u64, u64)> {
    events.iter().map(|event| (event.position.0, event.version.0)).collect()
}

/// What else can be said of an event.
pub(crate) trait Described {
    fn id(self, number: u128) -> Self;
    fn payload(self, text: &str) -> Self;
    fn metadata(self, text: &str) -> Self;
    fn context(self, text: &str) -> Self;
    fn at(self, moment: &str) -> Self;
    fn by(self, actor: &str) -> Self;
    fn shaped(self, schema_version: u64) -> Self;
    fn tagged(self, tags: &[&str]) -> Self;
}

impl Described for NewEvent {
    fn id(self, number: u128) -> Self {
        Self { event_id: Some(event_id(number)), ..self }
    }

    fn payload(self, text: &str) -> Self {
        Self { payload: object(text), ..self }
    }

    fn metadata(self, text: &str) -> Self {
        Self { metadata: object(text), ..self }
    }

    fn context(self, text: &str) -> Self {
        Self { context: Context::from_object(object(text)), ..self }
    }

    fn at(self, moment: &str) -> Self {
        Self { timestamp: Some(time(moment)), ..self }
    }

    fn by(self, actor: &str) -> Self {
        Self { actor_id: Some(ActorId::new(actor).unwrap()), ..self }
    }

    fn shaped(self, schema_version: u64) -> Self {
        Self { schema_version: Some(SchemaVersion::new(schema_version).unwrap()), ..self }
    }

    fn tagged(self, tags: &[&str]) -> Self {
        Self { tags: tags.iter().map(|name| tag(name)).collect::<Tags>(), ..self }
    }
}

/// What else can be said of an append.
pub(crate) trait Guarded {
    fn unless(self, fail_if_events_match: impl Into<Query>, after: Option<u64>) -> Self;
    fn moving(self, cursor: CursorAdvance) -> Self;
}

impl Guarded for Append {
    fn unless(self, fail_if_events_match: impl Into<Query>, after: Option<u64>) -> Self {
        let fail_if_events_match = fail_if_events_match.into();
        let after = after.map(annals_event::Position);
        Self { condition: Some(AppendCondition { fail_if_events_match, after }), ..self }
    }

    fn moving(mut self, cursor: CursorAdvance) -> Self {
        self.cursors.push(cursor);
        self
    }
}
