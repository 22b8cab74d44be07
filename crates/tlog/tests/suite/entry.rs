//! Leaf entries against another implementation of JSON, for every name that an event may have.

use std::collections::BTreeMap;

use annals_event::{AggregateType, EventId, EventType, SchemaVersion, Secret, StreamVersion, Timestamp};
use annals_tlog::{
    Commitments, CommittedTexts, EntryDraft, EntryFields, EntryText, RecordedAtText, encode_bundle, leaf_hash,
};
use proptest::prelude::*;

/// The longest name that an event may have, in bytes.
const NAME_LEN_MAX: usize = 255;

fn commitments(secret: [u8; 16]) -> Commitments {
    let texts = CommittedTexts {
        actor_id: "user_789",
        aggregate_id: "order_456",
        context: "{}",
        metadata: "{}",
        payload: r#"{"total":99.99}"#,
        tags: "[]",
    };
    Commitments::from_secret(&Secret(secret), &texts)
}

proptest! {
    #[test]
    fn an_entry_is_the_canonical_object_of_its_members(
        event_type in "[^\u{0}-\u{1f}\u{7f}-\u{9f}/]{1,40}",
        aggregate_type in "[a-zA-Z\"\\\\é😀\u{2028}]{1,20}",
        id in any::<[u8; 16]>(),
        schema_version in 1_u64..1_000_000,
        version in any::<u64>(),
        micros in prop::array::uniform2(-60_000_000_000_000_000_i64..250_000_000_000_000_000),
    ) {
        let (Ok(event_type), Ok(aggregate_type)) = (EventType::new(&event_type), AggregateType::new(&aggregate_type)) else {
            return Err(TestCaseError::reject("not a name"));
        };
        let (event_id, commitments) = (EventId::from_bytes(id), commitments(id));
        let [timestamp, recorded_at] = micros.map(|micros| Timestamp::from_micros(micros).unwrap());
        let schema_version = SchemaVersion::new(schema_version).unwrap();
        let fields = EntryFields {
            event_id, event_type: &event_type, aggregate_type: &aggregate_type, schema_version, timestamp,
        };
        let draft = EntryDraft::new(&fields, &commitments);
        let recorded_at_text = RecordedAtText::from(recorded_at);
        let entry = EntryText::new(&fields, &commitments).complete(&recorded_at_text, StreamVersion(version));
        prop_assert_eq!(draft.leaf_hash(&recorded_at_text, StreamVersion(version)), leaf_hash(entry.as_bytes()));

        let members = BTreeMap::from([
            ("actorId", commitments.actor_id.to_string()),
            ("aggregateId", commitments.aggregate_id.to_string()),
            ("aggregateType", aggregate_type.as_str().to_owned()),
            ("context", commitments.context.to_string()),
            ("eventId", event_id.to_string()),
            ("eventType", event_type.as_str().to_owned()),
            ("metadata", commitments.metadata.to_string()),
            ("payload", commitments.payload.to_string()),
            ("recordedAt", recorded_at.to_string()),
            ("schemaVersion", schema_version.get().to_string()),
            ("tags", commitments.tags.to_string()),
            ("timestamp", timestamp.to_string()),
            ("v", "1".to_owned()),
            ("version", version.to_string()),
        ]);
        prop_assert_eq!(entry, serde_json::to_string(&members).unwrap());
    }
}

#[test]
fn the_longest_entry_fits_into_a_bundle() {
    let name = "\"".repeat(NAME_LEN_MAX);
    let (event_type, aggregate_type) = (EventType::new(&name).unwrap(), AggregateType::new(&name).unwrap());
    let fields = EntryFields {
        event_id: EventId::from_bytes([0xff; 16]),
        event_type: &event_type,
        aggregate_type: &aggregate_type,
        schema_version: SchemaVersion::new(i32::MAX as u64).unwrap(),
        timestamp: Timestamp::from_micros(0).unwrap(),
    };
    let text = EntryText::new(&fields, &commitments([0; 16]));
    let entry = text.complete(&RecordedAtText::from(fields.timestamp), StreamVersion(u64::MAX));
    assert!(encode_bundle([entry.as_bytes()]).is_ok());
}
