use std::error::Error;

use annals_store::{Placement, PreparedEvent};
use annals_tlog::Hash;
use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{Field, Kind, Type};

use super::judge::Judged;
use crate::bookkeeping::cursor_hash;

/// An event with its place and its leaf: a row that is to be written.
#[derive(Debug, Clone)]
pub(super) struct PlacedEvent<'a> {
    pub(super) event: &'a PreparedEvent,
    pub(super) placement: Placement,
    pub(super) leaf_hash: Hash,
}

/// Rows as one value of the type `events[]`, so that a group of any size is one parameter of one statement.
///
/// Source of the format: PostgreSQL's `array_recv` and `record_recv` (`src/backend/utils/adt`): an array is its
/// number of dimensions, whether it has nulls, the type of its elements, length and lower bound, then each element
/// behind its length; a record is its number of columns, then each behind its type and its length, −1 for null.
#[derive(Debug)]
pub(super) struct EventRecords<'a>(pub(super) &'a [PlacedEvent<'a>]);

/// The value of one column.
enum Value<'a> {
    Int8(i64),
    Bytes(&'a [u8]),
    Null,
}

/// The subtrees that a group completes, column by column.
#[derive(Default)]
pub(super) struct Subtrees {
    pub(super) levels: Vec<i16>,
    pub(super) numbers: Vec<i64>,
    pub(super) hashes: Vec<Vec<u8>>,
}

/// The cursors that a group moves, column by column.
#[derive(Default)]
pub(super) struct Cursors {
    pub(super) names: Vec<String>,
    pub(super) values: Vec<String>,
    pub(super) hashes: Vec<Vec<u8>>,
}

impl Subtrees {
    pub(super) fn of(judged: &Judged<'_>) -> Self {
        let subtrees = || judged.subtrees.iter();
        Self {
            levels: subtrees().map(|subtree| i16::from(subtree.level)).collect(),
            numbers: subtrees().map(|subtree| subtree.index.cast_signed()).collect(),
            hashes: subtrees().map(|subtree| subtree.hash.as_bytes().to_vec()).collect(),
        }
    }
}

impl Cursors {
    pub(super) fn of(judged: &Judged<'_>) -> Self {
        let cursors = || judged.cursors.iter();
        Self {
            names: cursors().map(|(name, _)| name.to_string()).collect(),
            values: cursors().map(|(_, value)| value.0.to_string()).collect(),
            hashes: cursors().map(|(name, value)| cursor_hash(name, value).to_vec()).collect(),
        }
    }
}

/// Why a row cannot be written.
pub(super) type EncodeError = Box<dyn Error + Sync + Send>;

impl EventRecords<'_> {
    /// Appends the value of this type, an array of rows.
    ///
    /// # Errors
    /// [`EncodeError`] when the type is another, or its table has columns that are not known here.
    pub(super) fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<(), EncodeError> {
        let Kind::Array(element) = ty.kind() else { return Err("events are written as an array".into()) };
        let Kind::Composite(columns) = element.kind() else { return Err("events are no rows".into()) };
        let dimensions = i32::from(!self.0.is_empty());
        out.put_i32(dimensions);
        out.put_i32(0);
        out.put_u32(element.oid());
        if dimensions == 1 {
            out.put_i32(i32::try_from(self.0.len())?);
            out.put_i32(1);
        }
        for placed in self.0 {
            put_with_length(out, |out| put_record(out, columns, placed))?;
        }
        Ok(())
    }
}

/// Writes something behind its length, which is known afterwards.
fn put_with_length(
    out: &mut BytesMut,
    put: impl FnOnce(&mut BytesMut) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.put_i32(0);
    put(out)?;
    let length = i32::try_from(out.len() - start - 4)?;
    if let Some(place) = out.get_mut(start..start + 4) {
        place.copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

fn put_record(out: &mut BytesMut, columns: &[Field], placed: &PlacedEvent<'_>) -> Result<(), EncodeError> {
    out.put_i32(i32::try_from(columns.len())?);
    for column in columns {
        out.put_u32(column.type_().oid());
        match value_of(column.name(), placed)? {
            Value::Null => out.put_i32(-1),
            Value::Int8(number) => {
                out.put_i32(8);
                out.put_i64(number);
            }
            Value::Bytes(bytes) => {
                out.put_i32(i32::try_from(bytes.len())?);
                out.put_slice(bytes);
            }
        }
    }
    Ok(())
}

fn value_of<'a>(column: &str, placed: &'a PlacedEvent<'_>) -> Result<Value<'a>, EncodeError> {
    let PlacedEvent { event, placement, leaf_hash } = placed;
    let sent = &event.sent;
    let text = |text: &'a str| Value::Bytes(text.as_bytes());
    Ok(match column {
        "position" => Value::Int8(i64::try_from(placement.position.0)?),
        "event_id" => Value::Bytes(event.event_id.as_bytes()),
        "event_type" => text(sent.event_type.as_str()),
        "aggregate_type" => text(sent.stream.aggregate_type.as_str()),
        "aggregate_id" => text(sent.stream.aggregate_id.as_str()),
        "version" => Value::Int8(i64::try_from(placement.version.0)?),
        "schema_version" => Value::Int8(i64::from(event.schema_version.get())),
        "timestamp" => Value::Int8(event.timestamp.as_micros()),
        "recorded_at" => Value::Int8(placement.recorded_at.as_micros()),
        "actor_id" => text(event.actor_id.as_str()),
        "tags" => text(&event.tags_text),
        "payload" => text(sent.payload.as_str()),
        "metadata" => text(sent.metadata.as_str()),
        "context" => text(sent.context.as_str()),
        "secret" => Value::Bytes(&event.secret.0),
        "leaf_hash" => Value::Bytes(leaf_hash.as_bytes()),
        // An event is written whole; erasure comes later.
        "erasure" => Value::Null,
        other => {
            return Err(
                format!("the table events has a column {other:?} that this program does not know").into()
            );
        }
    })
}
