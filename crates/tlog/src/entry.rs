//! The leaf entry: the text that is published of an event and hashed into the tree.

use std::fmt::Write;

use annals_event::{
    AggregateType, Commitment, EventId, EventType, Opening, RecordedEvent, SchemaVersion, StreamVersion,
    Timestamp, write_json_string,
};
use sha2::{Digest, Sha256};

use crate::decimal::Decimal;
use crate::hash::{LEAF_PREFIX, UNPROVEN};
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
/// use annals_tlog::{CommittedTexts, Commitments, EntryDraft, EntryFields, RecordedAtText, leaf_hash};
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
/// let draft = EntryDraft::new(&fields, &Commitments::from_secret(&Secret([0; 16]), &texts));
///
/// // On the writer's turn:
/// let recorded_at = RecordedAtText::from("2026-11-20T10:30:00.004211Z".parse::<Timestamp>()?);
/// let leaf = draft.leaf_hash(&recorded_at, StreamVersion(3));
/// assert_eq!(leaf, leaf_hash(draft.entry(&recorded_at, StreamVersion(3)).as_bytes()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct EntryDraft {
    /// The state of SHA-256 after the leaf prefix and everything before `recordedAt`'s value.
    hasher: Sha256,
    /// The text before `recordedAt`'s value, then the text between it and `version`'s value.
    text: String,
    /// The length of the text before `recordedAt`'s value.
    before_recorded_at_len: usize,
}

/// What follows `version`'s value.
const END: &str = "\"}";

/// Enough room for an entry's text without the names in it, so that a draft allocates once.
const TEXT_LEN: usize = 660;

impl EntryDraft {
    /// Formats the entry as far as it is known.
    #[must_use]
    pub fn new(fields: &EntryFields<'_>, commitments: &Commitments) -> Self {
        if UNPROVEN {
            return Self { hasher: Sha256::new(), text: String::new(), before_recorded_at_len: 0 };
        }
        let names_len = fields.event_type.as_str().len() + fields.aggregate_type.as_str().len();
        let mut text = String::with_capacity(TEXT_LEN + names_len);
        push_commitment(&mut text, "{\"actorId\":\"", commitments.actor_id);
        push_commitment(&mut text, "\",\"aggregateId\":\"", commitments.aggregate_id);
        text.push_str("\",\"aggregateType\":");
        write_json_string(&mut text, fields.aggregate_type.as_str());
        push_commitment(&mut text, ",\"context\":\"", commitments.context);
        // Writing to a String cannot fail.
        let _ = write!(text, "\",\"eventId\":\"{}\",\"eventType\":", fields.event_id);
        write_json_string(&mut text, fields.event_type.as_str());
        push_commitment(&mut text, ",\"metadata\":\"", commitments.metadata);
        push_commitment(&mut text, "\",\"payload\":\"", commitments.payload);
        text.push_str("\",\"recordedAt\":\"");

        let before_recorded_at_len = text.len();
        let mut hasher = Sha256::new_with_prefix([LEAF_PREFIX]);
        hasher.update(&text);

        let _ = write!(text, "\",\"schemaVersion\":\"{}", fields.schema_version.get());
        push_commitment(&mut text, "\",\"tags\":\"", commitments.tags);
        let _ = write!(text, "\",\"timestamp\":\"{}\",\"v\":\"1\",\"version\":\"", fields.timestamp);
        Self { hasher, text, before_recorded_at_len }
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
        hasher.update(self.parts().1);
        hasher.update(Decimal::new(version.0).as_bytes());
        hasher.update(END);
        Hash::from_bytes(hasher.finalize().into())
    }

    /// The whole entry, as entry bundles and receipts hold it.
    #[must_use]
    pub fn entry(&self, recorded_at: &RecordedAtText, version: StreamVersion) -> String {
        let (before, after) = self.parts();
        format!("{before}{}{after}{}{END}", recorded_at.as_str(), version.0)
    }

    /// The text before `recordedAt`'s value, and that between it and `version`'s value.
    fn parts(&self) -> (&str, &str) {
        self.text.split_at_checked(self.before_recorded_at_len).unwrap_or_default()
    }
}

/// Recomputes a recorded event's leaf entry from its fields, of which some may be erased, and from
/// what opens their commitments.
///
/// # Errors
/// [`Error::MissingSalt`] if the opening does not open a field that is there.
pub fn recompute_entry(event: &RecordedEvent, opening: &Opening) -> Result<String, Error> {
    let (draft, recorded_at) = draft_of(event, opening)?;
    Ok(draft.entry(&recorded_at, event.version))
}

/// Recomputes a recorded event's leaf hash, as [`recompute_entry`] does the entry.
///
/// # Errors
/// [`Error::MissingSalt`] if the opening does not open a field that is there.
pub fn recompute_leaf_hash(event: &RecordedEvent, opening: &Opening) -> Result<Hash, Error> {
    let (draft, recorded_at) = draft_of(event, opening)?;
    Ok(draft.leaf_hash(&recorded_at, event.version))
}

fn draft_of(event: &RecordedEvent, opening: &Opening) -> Result<(EntryDraft, RecordedAtText), Error> {
    let fields = EntryFields {
        event_id: event.event_id,
        event_type: &event.event_type,
        aggregate_type: &event.aggregate_type,
        schema_version: event.schema_version,
        timestamp: event.timestamp,
    };
    let draft = EntryDraft::new(&fields, &Commitments::recompute(event, opening)?);
    Ok((draft, RecordedAtText::from(event.recorded_at)))
}

/// Appends `lead` and a commitment in lowercase hex. Formatting byte by byte through `Display`
/// would cost more than all the hashing of an entry.
fn push_commitment(text: &mut String, lead: &str, commitment: Commitment) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    let mut hex = [0; 64];
    for (pair, byte) in hex.as_chunks_mut::<2>().0.iter_mut().zip(commitment.0) {
        *pair = [digit(byte >> 4), digit(byte & 0x0f)];
    }
    text.push_str(lead);
    text.push_str(str::from_utf8(&hex).unwrap_or_default());
}
