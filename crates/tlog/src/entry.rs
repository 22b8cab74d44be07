//! The leaf entry: the text that is published of an event and hashed into the tree.

use std::fmt::Write;

use annals_event::{
    AggregateType, Commitment, EventId, EventType, Opening, RecordedEvent, SchemaVersion, StreamVersion,
    Timestamp, write_json_string,
};
use sha2::{Digest, Sha256};

use crate::decimal::Decimal;
use crate::hash::{LEAF_PREFIX, UNPROVEN, leaf_hash};
use crate::{Commitments, Error, Hash, RecordedAtText};

/// What stands in a leaf entry in clear, but for what only the writer knows.
#[derive(Clone, Copy, Debug)]
pub struct EntryFields<'a> {
    /// The event's identity.
    pub event_id: EventId,
    /// What happened.
    pub event_type: &'a EventType,
    /// The kind of aggregate.
    pub aggregate_type: &'a AggregateType,
    /// The version of the event type's shape.
    pub schema_version: SchemaVersion,
    /// When it happened.
    pub timestamp: Timestamp,
}

/// A leaf entry that lacks only what the writer decides: `recordedAt` and `version`.
///
/// The entry is one RFC 8785 (JCS) object. `recordedAt` stands in its middle and `version` at its
/// end, so the text before the former is hashed already, and the writer's turn costs three or four
/// blocks of SHA-256 and no allocation.
///
/// ```
/// use annals_event::{AggregateType, EventId, EventType, SchemaVersion, Secret, StreamVersion, Timestamp};
/// use annals_tlog::{CommittedTexts, Commitments, EntryDraft, EntryFields, EntryText, RecordedAtText, leaf_hash};
///
/// let texts = CommittedTexts {
///     actor_id: "user_789", aggregate_id: "order_456", context: "{}", metadata: "{}",
///     payload: r#"{"total":99.99}"#, tags: r#"["customer:42"]"#,
/// };
/// let (event_type, aggregate_type) = (EventType::new("OrderPlaced")?, AggregateType::new("Order")?);
/// let fields = EntryFields {
///     event_id: EventId::from_bytes([1; 16]),
///     event_type: &event_type,
///     aggregate_type: &aggregate_type,
///     schema_version: SchemaVersion::new(1)?,
///     timestamp: "2026-11-20T10:30:00Z".parse()?,
/// };
/// let commitments = Commitments::from_secret(&Secret([0; 16]), &texts);
/// let draft = EntryDraft::new(&fields, &commitments);
///
/// // On the writer's turn:
/// let recorded_at = RecordedAtText::from("2026-11-20T10:30:00.004211Z".parse::<Timestamp>()?);
/// let leaf = draft.leaf_hash(&recorded_at, StreamVersion(3));
/// let entry = EntryText::new(&fields, &commitments).complete(&recorded_at, StreamVersion(3));
/// assert_eq!(leaf, leaf_hash(entry.as_bytes()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct EntryDraft {
    /// The state of SHA-256 after the leaf prefix and everything before `recordedAt`'s value.
    hasher: Sha256,
    /// The text between `recordedAt`'s value and `version`'s. What comes before is hashed and let go: a draft
    /// waits for its turn among many, and what it keeps has left the processor's cache by then.
    after_recorded_at: String,
}

/// A leaf entry's text but for `recordedAt` and `version`.
#[derive(Clone, Debug)]
pub struct EntryText {
    before_recorded_at: String,
    after_recorded_at: String,
}

/// What follows `version`'s value.
const END: &str = "\"}";

/// Enough room for the text before `recordedAt`'s value without the names in it.
const BEFORE_LEN: usize = 512;

/// Enough room for the text behind it.
const AFTER_LEN: usize = 176;

impl EntryText {
    /// Formats the entry as far as it is known.
    #[must_use]
    pub fn new(fields: &EntryFields<'_>, commitments: &Commitments) -> Self {
        let names_len = fields.event_type.as_str().len() + fields.aggregate_type.as_str().len();
        let mut before = String::with_capacity(BEFORE_LEN + names_len);
        push_commitment(&mut before, "{\"actorId\":\"", commitments.actor_id);
        push_commitment(&mut before, "\",\"aggregateId\":\"", commitments.aggregate_id);
        before.push_str("\",\"aggregateType\":");
        write_json_string(&mut before, fields.aggregate_type.as_str());
        push_commitment(&mut before, ",\"context\":\"", commitments.context);
        // Writing to a String cannot fail.
        let _ = write!(before, "\",\"eventId\":\"{}\",\"eventType\":", fields.event_id);
        write_json_string(&mut before, fields.event_type.as_str());
        push_commitment(&mut before, ",\"metadata\":\"", commitments.metadata);
        push_commitment(&mut before, "\",\"payload\":\"", commitments.payload);
        before.push_str("\",\"recordedAt\":\"");

        let mut after = String::with_capacity(AFTER_LEN);
        let _ = write!(after, "\",\"schemaVersion\":\"{}", fields.schema_version.get());
        push_commitment(&mut after, "\",\"tags\":\"", commitments.tags);
        let _ = write!(after, "\",\"timestamp\":\"{}\",\"v\":\"1\",\"version\":\"", fields.timestamp);
        Self { before_recorded_at: before, after_recorded_at: after }
    }

    /// The whole entry, as entry bundles and receipts hold it.
    #[must_use]
    pub fn complete(&self, recorded_at: &RecordedAtText, version: StreamVersion) -> String {
        let Self { before_recorded_at, after_recorded_at } = self;
        format!("{before_recorded_at}{}{after_recorded_at}{}{END}", recorded_at.as_str(), version.0)
    }
}

impl EntryDraft {
    /// Formats the entry as far as it is known, and hashes as much of it as is certain.
    #[must_use]
    pub fn new(fields: &EntryFields<'_>, commitments: &Commitments) -> Self {
        if UNPROVEN {
            return Self { hasher: Sha256::new(), after_recorded_at: String::new() };
        }
        let EntryText { before_recorded_at, after_recorded_at } = EntryText::new(fields, commitments);
        let mut hasher = Sha256::new_with_prefix([LEAF_PREFIX]);
        hasher.update(&before_recorded_at);
        Self { hasher, after_recorded_at }
    }

    /// The leaf's hash. This is all that remains to be done on the writer's turn; nothing is
    /// allocated.
    #[must_use]
    pub fn leaf_hash(&self, recorded_at: &RecordedAtText, version: StreamVersion) -> Hash {
        if UNPROVEN {
            return Hash::from_bytes([0; 32]);
        }
        let mut hasher = self.hasher.clone();
        hasher.update(recorded_at.as_str());
        hasher.update(&self.after_recorded_at);
        hasher.update(Decimal::new(version.0).as_bytes());
        hasher.update(END);
        Hash::from_bytes(hasher.finalize().into())
    }
}

/// Recomputes a recorded event's leaf entry from its fields, of which some may be erased, and from
/// what opens their commitments.
///
/// # Errors
/// [`Error::MissingSalt`] if the opening does not open a field that is there.
pub fn recompute_entry(event: &RecordedEvent, opening: &Opening) -> Result<String, Error> {
    let text = EntryText::new(&fields_of(event), &Commitments::recompute(event, opening)?);
    Ok(text.complete(&RecordedAtText::from(event.recorded_at), event.version))
}

/// Recomputes a recorded event's leaf hash, as [`recompute_entry`] does the entry.
///
/// # Errors
/// [`Error::MissingSalt`] if the opening does not open a field that is there.
pub fn recompute_leaf_hash(event: &RecordedEvent, opening: &Opening) -> Result<Hash, Error> {
    Ok(leaf_hash(recompute_entry(event, opening)?.as_bytes()))
}

fn fields_of(event: &RecordedEvent) -> EntryFields<'_> {
    EntryFields {
        event_id: event.event_id,
        event_type: &event.event_type,
        aggregate_type: &event.aggregate_type,
        schema_version: event.schema_version,
        timestamp: event.timestamp,
    }
}

/// Appends `lead` and a commitment in lowercase hex. Formatting byte by byte through `Display`
/// would cost more than all the hashing of an entry.
fn push_commitment(text: &mut String, lead: &str, commitment: Commitment) {
    // Calculated rather than looked up, so that the processor does many digits at once.
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    let mut hex = [0; 64];
    for (pair, byte) in hex.as_chunks_mut::<2>().0.iter_mut().zip(commitment.0) {
        *pair = [digit(byte >> 4), digit(byte & 0x0f)];
    }
    text.push_str(lead);
    text.push_str(str::from_utf8(&hex).unwrap_or_default());
}
