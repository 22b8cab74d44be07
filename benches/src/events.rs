use annals::{
    ActorId, EventId, EventType, JsonObject, NewEvent, SchemaVersion, StreamName, Tag, Tags, Timestamp,
};

use crate::chance::Chance;
use crate::error::{BenchError, Result};

/// Clients that append at once; each stream belongs to one of them, so that none waits for another's versions.
pub(crate) const CLIENTS: usize = 64;

/// How many aggregates of the ordinary kind the events are of.
pub(crate) const STREAMS: usize = 50_048;

/// 2026-01-01T00:00:00Z.
pub(crate) const FIRST_MICROS: i64 = 1_767_225_600_000_000;
/// Time between two events.
pub(crate) const STEP_MICROS: i64 = 20_000;
/// Events happen in order, give or take this.
const JITTER_MICROS: u64 = 1_000_000;

const EVENT_TYPES: [&str; 12] = [
    "OrderPlaced",
    "OrderConfirmed",
    "OrderChanged",
    "OrderCancelled",
    "PaymentRequested",
    "PaymentReceived",
    "PaymentRefused",
    "ParcelPacked",
    "ParcelSent",
    "ParcelDelivered",
    "ParcelReturned",
    "InvoiceSent",
];
const AGGREGATE_TYPES: [&str; 4] = ["Order", "Payment", "Parcel", "Invoice"];

/// The values of one event, as every contender gets them.
#[derive(Debug, Clone)]
pub(crate) struct EventValues {
    pub(crate) event_id: [u8; 16],
    pub(crate) event_type: &'static str,
    pub(crate) aggregate_type: &'static str,
    pub(crate) aggregate_id: String,
    pub(crate) version: u64,
    pub(crate) timestamp_micros: i64,
    pub(crate) actor_id: String,
    pub(crate) tag: String,
    /// The tag as JSON text.
    pub(crate) tags: String,
    pub(crate) correlation_id: String,
    pub(crate) payload: String,
    pub(crate) metadata: String,
}

/// Which aggregates the events are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// 50,048 aggregates; half of the events belong to a tenth of them.
    Ordinary,
    /// The same, and every so manieth event belongs to one more aggregate, [`LARGE_AGGREGATE`].
    WithLargeAggregate {
        /// The distance between two of its events.
        every: usize,
    },
}

/// The aggregate that has more events than others.
pub(crate) const LARGE_AGGREGATE: &str = "large";
pub(crate) const LARGE_AGGREGATE_TYPE: &str = "Order";

/// Makes events, one after the other, always the same.
pub(crate) struct Generator {
    shape: Shape,
    next: usize,
    versions: Vec<u64>,
    large_version: u64,
}

impl Generator {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { shape, next: 0, versions: vec![0; STREAMS], large_version: 0 }
    }

    /// The next `count` events.
    pub(crate) fn take(&mut self, count: usize) -> Result<Vec<EventValues>> {
        (0..count).map(|_| self.one()).collect()
    }

    fn one(&mut self) -> Result<EventValues> {
        let index = self.next;
        self.next += 1;
        let mut chance = Chance::seeded(index as u64);
        let (aggregate_type, aggregate_id, version) = self.place(index, &mut chance);
        let happened = FIRST_MICROS + index as i64 * STEP_MICROS;
        let event_id = EventId::v7(Timestamp::from_micros(happened)?, chance.next().to_be_bytes());
        let customer = chance.below(20_000);
        let actor = chance.below(1_000);
        let (correlation, causation) = (uuid(&mut Chance::seeded(!(index as u64 / 4))), uuid(&mut chance));
        let tag = format!("customer:{customer:05}");
        Ok(EventValues {
            event_id: *event_id.as_bytes(),
            event_type: Self::event_type(&mut chance),
            aggregate_type,
            version,
            timestamp_micros: happened + chance.below(JITTER_MICROS) as i64,
            actor_id: format!("user_{actor:04}"),
            tags: format!("[\"{tag}\"]"),
            tag,
            payload: payload(&aggregate_id, index, customer, &mut chance),
            metadata: format!(
                r#"{{"correlationId":"{correlation}","causationId":"{causation}","userId":"user_{actor:04}","source":"orders-web-eu"}}"#
            ),
            correlation_id: correlation,
            aggregate_id,
        })
    }

    fn place(&mut self, index: usize, chance: &mut Chance) -> (&'static str, String, u64) {
        if matches!(self.shape, Shape::WithLargeAggregate { every } if index.is_multiple_of(every)) {
            self.large_version += 1;
            return (LARGE_AGGREGATE_TYPE, LARGE_AGGREGATE.to_owned(), self.large_version);
        }
        let of_client = STREAMS / CLIENTS;
        let often = chance.below(2) == 0;
        let choice = chance.below(if often { of_client / 10 } else { of_client } as u64) as usize;
        let stream = choice * CLIENTS + index % CLIENTS;
        let version = self.versions.get_mut(stream).map_or(1, |version| {
            *version += 1;
            *version
        });
        let (aggregate_type, aggregate_id) = aggregate(stream);
        (aggregate_type, aggregate_id, version)
    }

    /// One of the aggregates to which half of the events belong.
    pub(crate) fn busy_aggregate(chance: &mut Chance) -> (&'static str, String) {
        aggregate(chance.below((STREAMS / CLIENTS / 10 * CLIENTS) as u64) as usize)
    }

    /// One of the event types.
    pub(crate) fn event_type(chance: &mut Chance) -> &'static str {
        pick(&EVENT_TYPES, chance)
    }
}

fn aggregate(stream: usize) -> (&'static str, String) {
    (AGGREGATE_TYPES[stream % AGGREGATE_TYPES.len()], format!("agg_{stream:08}"))
}

fn pick(of: &[&'static str], chance: &mut Chance) -> &'static str {
    of.get(chance.below(of.len() as u64) as usize).copied().unwrap_or_default()
}

/// The value at `/invoice` of the event with this number; its events lie far apart.
pub(crate) fn invoice(index: usize) -> String {
    format!("R-{:08}", index % 100_000)
}

fn payload(aggregate_id: &str, index: usize, customer: u64, chance: &mut Chance) -> String {
    let (first, second, amount) = (chance.below(9_999), chance.below(9_999), chance.below(1_000_000));
    format!(
        r#"{{"orderId":"{aggregate_id}","invoice":"{}","customer":{{"id":{customer},"name":"Customer {customer}","city":"Rotterdam"}},"items":[{{"sku":"SKU-{first:05}","quantity":{},"price":{}.{:02}}},{{"sku":"SKU-{second:05}","quantity":{},"price":{}.{:02}}}],"total":{}.{:02},"currency":"EUR","delivery":{{"method":"parcel","address":"Weena 505, 3013 AL Rotterdam","note":"Please ring twice, or leave it with the neighbours below"}}}}"#,
        invoice(index),
        1 + first % 9,
        first / 10,
        first % 100,
        1 + second % 9,
        second / 10,
        second % 100,
        amount / 100,
        amount % 100,
    )
}

/// A random UUID as text.
fn uuid(chance: &mut Chance) -> String {
    let (high, low) = (chance.next(), chance.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

impl EventValues {
    /// The event as the store takes it.
    pub(crate) fn to_new_event(&self) -> Result<NewEvent> {
        let text = |text: &str| {
            JsonObject::new(text).map_err(|error| BenchError::Unlike { what: error.to_string() })
        };
        Ok(NewEvent {
            event_id: Some(EventId::from_bytes(self.event_id)),
            timestamp: Some(Timestamp::from_micros(self.timestamp_micros)?),
            actor_id: Some(ActorId::new(&self.actor_id)?),
            schema_version: Some(SchemaVersion::FIRST),
            tags: Tags::new(vec![Tag::new(&self.tag)?]),
            metadata: text(&self.metadata)?,
            ..NewEvent::new(self.stream()?, EventType::new(self.event_type)?, text(&self.payload)?)
        })
    }

    pub(crate) fn stream(&self) -> Result<StreamName> {
        Ok(StreamName::new(self.aggregate_type, &self.aggregate_id)?)
    }
}
