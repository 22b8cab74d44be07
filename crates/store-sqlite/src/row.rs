//! Rows of `events` and the events they state.

use std::collections::BTreeMap;

use annals_event::{
    ActorId, AggregateId, AggregateType, Commitment, Committed, CommittedField, Context, EventId, EventType,
    JsonObject, Opening, Position, RecordedEvent, Salt, SchemaVersion, Secret, StreamVersion, Tags,
    Timestamp,
};
use annals_store::{ProvableEvent, StoredRow};
use annals_tlog::Hash;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::errors::{Result, corrupt, sqlite};

/// How most events' tags are written.
const NO_TAGS: &str = "[]";

/// Why a row states no event.
type Unreadable = String;

/// Reads an event from the columns that every query of events begins with.
pub(crate) fn event(row: &Row<'_>) -> Result<RecordedEvent> {
    let position = position(row)?;
    let event = Twice::read(row).and_then(|twice| read_event(row, position, twice));
    event.map_err(|reason| corrupt(format!("the event at position {position}: {reason}")))
}

/// Reads a row with everything that is needed to prove it; an unreadable one is reported as such.
pub(crate) fn stored_row(row: &Row<'_>) -> Result<StoredRow> {
    let position = position(row)?;
    Ok(StoredRow { position, event: read_provable(row, position) })
}

fn position(row: &Row<'_>) -> Result<Position> {
    let position: i64 = row.get(0).map_err(sqlite)?;
    u64::try_from(position).map(Position).map_err(|_| corrupt(format!("a row has position {position}")))
}

fn read_provable(row: &Row<'_>, position: Position) -> std::result::Result<ProvableEvent, Unreadable> {
    let twice = Twice::read(row)?;
    let Twice { tags: written, erasure } = twice;
    let event = read_event(row, position, twice)?;
    let opening = match (bytes::<16>(row, 15, "secret")?, erasure) {
        (Some(secret), None) => Opening::Secret(Secret(secret)),
        (None, Some(erasure)) => Opening::Salts(salts(erasure)?),
        (Some(_), Some(_)) => return Err("secret is there although something was erased".to_owned()),
        (None, None) => return Err("secret is missing without an erasure".to_owned()),
    };
    // Other texts of the same tags would open the same commitment.
    if written != Some(NO_TAGS) && event.tags.value().map(Tags::to_json).as_deref() != written {
        return Err("tags are not written as they were recorded".to_owned());
    }
    let leaf_hash = bytes::<32>(row, 16, "leaf_hash")?.ok_or("leaf_hash is missing")?;
    Ok(ProvableEvent { event, opening, leaf_hash: Hash::from_bytes(leaf_hash) })
}

/// Columns that are looked at twice, as they are written.
#[derive(Clone, Copy)]
struct Twice<'a> {
    tags: Option<&'a str>,
    erasure: Option<&'a str>,
}

impl<'a> Twice<'a> {
    fn read(row: &'a Row<'_>) -> std::result::Result<Self, Unreadable> {
        Ok(Self { tags: text(row, 10, "tags")?, erasure: text(row, 14, "erasure")? })
    }
}

fn read_event(
    row: &Row<'_>,
    position: Position,
    Twice { tags, erasure }: Twice<'_>,
) -> std::result::Result<RecordedEvent, Unreadable> {
    let erasure = Erasure::read(erasure)?;
    let tags = match tags {
        Some(NO_TAGS) => Some(Tags::default()),
        Some(text) => Some(Tags::from_stored(text).ok_or("tags is no array of strings")?),
        None => None,
    };
    let object = |at, name| Ok::<_, Unreadable>(text(row, at, name)?.map(JsonObject::from_stored));
    Ok(RecordedEvent {
        position,
        event_id: EventId::from_bytes(bytes(row, 1, "event_id")?.ok_or("event_id is missing")?),
        event_type: EventType::from_stored(text(row, 2, "event_type")?.unwrap_or_default()),
        aggregate_type: AggregateType::from_stored(text(row, 3, "aggregate_type")?.unwrap_or_default()),
        aggregate_id: erasure.value(
            CommittedField::AggregateId,
            text(row, 4, "aggregate_id")?.map(AggregateId::from_stored),
        )?,
        version: StreamVersion(number(row, 5, "version")?),
        schema_version: SchemaVersion::from_stored(number(row, 6, "schema_version")?),
        timestamp: time(row, 7, "timestamp")?,
        recorded_at: time(row, 8, "recorded_at")?,
        actor_id: erasure
            .value(CommittedField::ActorId, text(row, 9, "actor_id")?.map(ActorId::from_stored))?,
        tags: erasure.value(CommittedField::Tags, tags)?,
        payload: erasure.value(CommittedField::Payload, object(11, "payload")?)?,
        metadata: erasure.value(CommittedField::Metadata, object(12, "metadata")?)?,
        context: erasure.value(CommittedField::Context, object(13, "context")?.map(Context::from_object))?,
    })
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

fn text<'a>(row: &'a Row<'_>, at: usize, name: &str) -> std::result::Result<Option<&'a str>, Unreadable> {
    match row.get_ref(at) {
        Ok(ValueRef::Null) => Ok(None),
        Ok(ValueRef::Text(bytes)) => {
            std::str::from_utf8(bytes).map(Some).map_err(|_| format!("{name} is not UTF-8"))
        }
        _ => Err(format!("{name} is no text")),
    }
}

fn bytes<const N: usize>(
    row: &Row<'_>,
    at: usize,
    name: &str,
) -> std::result::Result<Option<[u8; N]>, Unreadable> {
    match row.get_ref(at) {
        Ok(ValueRef::Null) => Ok(None),
        Ok(ValueRef::Blob(bytes)) => {
            bytes.try_into().map(Some).map_err(|_| format!("{name} has {} bytes, not {N}", bytes.len()))
        }
        _ => Err(format!("{name} is no blob")),
    }
}

fn number<T: TryFrom<i64>>(row: &Row<'_>, at: usize, name: &str) -> std::result::Result<T, Unreadable> {
    match row.get_ref(at) {
        Ok(ValueRef::Integer(number)) => {
            T::try_from(number).map_err(|_| format!("{name} {number} is out of range"))
        }
        _ => Err(format!("{name} is no number")),
    }
}

fn time(row: &Row<'_>, at: usize, name: &str) -> std::result::Result<Timestamp, Unreadable> {
    Timestamp::from_micros(number(row, at, name)?).map_err(|error| format!("{name}: {error}"))
}
