//! Rows of `events` and the events they state.

use std::collections::BTreeMap;

use annals_event::{
    ActorId, AggregateId, AggregateType, Commitment, Committed, CommittedField, Context, EventId, EventType,
    JsonObject, Opening, Position, RecordedEvent, Salt, SchemaVersion, Secret, StreamVersion, Tags,
    Timestamp,
};
use annals_store::{ProvableEvent, StoredRow};
use annals_tlog::Hash;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::errors::{Result, corrupt};
use crate::uuid::Uuid;

/// How most events' tags are written.
const NO_TAGS: &str = "[]";

/// Why a row states no event.
type Unreadable = String;

/// A row in which an event's columns, in the order of every query, begin with the one at an index.
#[derive(Clone, Copy)]
pub(crate) struct EventColumns<'a> {
    row: &'a Row,
    first: usize,
}

/// The columns by their place among those of an event.
mod at {
    pub(super) const POSITION: usize = 0;
    pub(super) const EVENT_ID: usize = 1;
    pub(super) const EVENT_TYPE: usize = 2;
    pub(super) const AGGREGATE_TYPE: usize = 3;
    pub(super) const AGGREGATE_ID: usize = 4;
    pub(super) const VERSION: usize = 5;
    pub(super) const SCHEMA_VERSION: usize = 6;
    pub(super) const TIMESTAMP: usize = 7;
    pub(super) const RECORDED_AT: usize = 8;
    pub(super) const ACTOR_ID: usize = 9;
    pub(super) const TAGS: usize = 10;
    pub(super) const PAYLOAD: usize = 11;
    pub(super) const METADATA: usize = 12;
    pub(super) const CONTEXT: usize = 13;
    pub(super) const ERASURE: usize = 14;
    pub(super) const SECRET: usize = 15;
    pub(super) const LEAF_HASH: usize = 16;
}

impl<'a> EventColumns<'a> {
    /// The columns of `row` from `first` on.
    pub(crate) fn from(row: &'a Row, first: usize) -> Self {
        Self { row, first }
    }

    /// Where the event stands; `None` where the row holds no event.
    pub(crate) fn position(self) -> Result<Option<Position>> {
        let found: Option<i64> = self.get(at::POSITION, "position").map_err(corrupt)?;
        let Some(position) = found else { return Ok(None) };
        let position =
            u64::try_from(position).map_err(|_| corrupt(format!("a row has position {position}")))?;
        Ok(Some(Position(position)))
    }

    /// The event; `None` where the row holds none.
    pub(crate) fn event(self) -> Result<Option<RecordedEvent>> {
        let Some(position) = self.position()? else { return Ok(None) };
        let unreadable = |reason| corrupt(format!("the event at position {position}: {reason}"));
        self.read_event(position).map(Some).map_err(unreadable)
    }

    /// What opens the event's commitments, where nothing was erased.
    pub(crate) fn secret(self) -> Option<Secret> {
        self.bytes::<16>(at::SECRET, "secret").ok().flatten().map(Secret)
    }

    /// The row with everything that is needed to prove it; an unreadable one is reported as such.
    pub(crate) fn stored_row(self) -> Result<StoredRow> {
        let position = self.position()?.ok_or_else(|| corrupt("a row has no position"))?;
        Ok(StoredRow { position, event: self.read_provable(position) })
    }

    fn read_provable(self, position: Position) -> std::result::Result<ProvableEvent, Unreadable> {
        let event = self.read_event(position)?;
        let erasure = self.text(at::ERASURE, "erasure")?;
        let opening = match (self.bytes::<16>(at::SECRET, "secret")?, erasure) {
            (Some(secret), None) => Opening::Secret(Secret(secret)),
            (None, Some(erasure)) => Opening::Salts(salts(erasure)?),
            (Some(_), Some(_)) => return Err("secret is there although something was erased".to_owned()),
            (None, None) => return Err("secret is missing without an erasure".to_owned()),
        };
        // Other texts of the same tags would open the same commitment.
        let written = self.text(at::TAGS, "tags")?;
        if written != Some(NO_TAGS) && event.tags.value().map(Tags::to_string).as_deref() != written {
            return Err("tags are not written as they were recorded".to_owned());
        }
        let leaf_hash = self.bytes::<32>(at::LEAF_HASH, "leaf_hash")?.ok_or("leaf_hash is missing")?;
        Ok(ProvableEvent { event, opening, leaf_hash: Hash::from_bytes(leaf_hash) })
    }

    fn read_event(self, position: Position) -> std::result::Result<RecordedEvent, Unreadable> {
        let erasure = Erasure::read(self.text(at::ERASURE, "erasure")?)?;
        let tags = match self.text(at::TAGS, "tags")? {
            Some(NO_TAGS) => Some(Tags::default()),
            Some(text) => Some(Tags::from_stored(text).ok_or("tags is no array of strings")?),
            None => None,
        };
        let object = |at, name| Ok::<_, Unreadable>(self.text(at, name)?.map(JsonObject::from_stored));
        let name = |at, name| self.text(at, name).map(Option::unwrap_or_default);
        Ok(RecordedEvent {
            position,
            event_id: self.event_id()?,
            event_type: EventType::from_stored(name(at::EVENT_TYPE, "event_type")?),
            aggregate_type: AggregateType::from_stored(name(at::AGGREGATE_TYPE, "aggregate_type")?),
            aggregate_id: erasure.value(
                CommittedField::AggregateId,
                self.text(at::AGGREGATE_ID, "aggregate_id")?.map(AggregateId::from_stored),
            )?,
            version: StreamVersion(self.number(at::VERSION, "version")?),
            schema_version: SchemaVersion::from_stored(self.number(at::SCHEMA_VERSION, "schema_version")?),
            timestamp: self.time(at::TIMESTAMP, "timestamp")?,
            recorded_at: self.time(at::RECORDED_AT, "recorded_at")?,
            actor_id: erasure.value(
                CommittedField::ActorId,
                self.text(at::ACTOR_ID, "actor_id")?.map(ActorId::from_stored),
            )?,
            tags: erasure.value(CommittedField::Tags, tags)?,
            payload: erasure.value(CommittedField::Payload, object(at::PAYLOAD, "payload")?)?,
            metadata: erasure.value(CommittedField::Metadata, object(at::METADATA, "metadata")?)?,
            context: erasure
                .value(CommittedField::Context, object(at::CONTEXT, "context")?.map(Context::from_object))?,
        })
    }

    /// The event's id.
    pub(crate) fn event_id(self) -> std::result::Result<EventId, Unreadable> {
        let found: Option<Uuid> = self.get(at::EVENT_ID, "event_id")?;
        found.map(|uuid| uuid.0).ok_or_else(|| "event_id is missing".to_owned())
    }

    fn get<T: FromSql<'a>>(self, at: usize, name: &str) -> std::result::Result<Option<T>, Unreadable> {
        self.row.try_get(self.first + at).map_err(|error| format!("{name}: {error}"))
    }

    fn text(self, at: usize, name: &str) -> std::result::Result<Option<&'a str>, Unreadable> {
        self.get(at, name)
    }

    fn bytes<const N: usize>(
        self,
        at: usize,
        name: &str,
    ) -> std::result::Result<Option<[u8; N]>, Unreadable> {
        let Some(bytes) = self.get::<&[u8]>(at, name)? else { return Ok(None) };
        bytes.try_into().map(Some).map_err(|_| format!("{name} has {} bytes, not {N}", bytes.len()))
    }

    fn number<T: TryFrom<i64>>(self, at: usize, name: &str) -> std::result::Result<T, Unreadable> {
        let number: i64 = self.get(at, name)?.ok_or_else(|| format!("{name} is missing"))?;
        T::try_from(number).map_err(|_| format!("{name} {number} is out of range"))
    }

    fn time(self, at: usize, name: &str) -> std::result::Result<Timestamp, Unreadable> {
        Timestamp::from_micros(self.number(at, name)?).map_err(|error| format!("{name}: {error}"))
    }
}

/// The commitments that stand in place of erased values.
struct Erasure(BTreeMap<CommittedField, Commitment>);

impl Erasure {
    fn read(text: Option<&str>) -> std::result::Result<Self, Unreadable> {
        let commitments = match text {
            Some(text) => hex_members(text, "commitments")?,
            None => BTreeMap::new(),
        };
        Ok(Self(commitments.into_iter().map(|(field, bytes)| (field, Commitment(bytes))).collect()))
    }

    fn value<T>(
        &self,
        field: CommittedField,
        value: Option<T>,
    ) -> std::result::Result<Committed<T>, Unreadable> {
        match (value, self.0.get(&field)) {
            (Some(value), None) => Ok(Committed::Value(value)),
            (None, Some(commitment)) => Ok(Committed::Erased(*commitment)),
            (Some(_), Some(_)) => Err(format!("{} is there and yet erased", field.name())),
            (None, None) => Err(format!("{} is missing without having been erased", field.name())),
        }
    }
}

fn salts(erasure: &str) -> std::result::Result<BTreeMap<CommittedField, Salt>, Unreadable> {
    Ok(hex_members(erasure, "salts")?.into_iter().map(|(field, bytes)| (field, Salt(bytes))).collect())
}

/// The members of `{"<group>":{"<field>":"<hex>"}}`.
fn hex_members<const N: usize>(
    text: &str,
    group: &str,
) -> std::result::Result<BTreeMap<CommittedField, [u8; N]>, Unreadable> {
    let unreadable = |_| "erasure is unreadable".to_owned();
    let groups: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(text).map_err(unreadable)?;
    let members = groups.get(group).into_iter().flatten();
    members
        .map(|(name, hex)| {
            let field = CommittedField::from_name(name).ok_or_else(|| format!("erasure names {name:?}"))?;
            Ok((field, unhex(hex).ok_or_else(|| format!("erasure of {name} is unreadable"))?))
        })
        .collect()
}

fn unhex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digits = hex.as_bytes();
    let mut bytes = [0; N];
    (digits.len() == 2 * N).then_some(())?;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| {
            let digit = pair.get(at).filter(|digit| !digit.is_ascii_uppercase())?;
            char::from(*digit).to_digit(16)
        };
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}
