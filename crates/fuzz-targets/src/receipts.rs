//! Receipts and event files: no altered pair verifies unless it says the same.

use std::sync::LazyLock;

use annals_event::{
    ActorId, AggregateId, AggregateType, Committed, Context, EventId, EventType, JsonObject, Opening,
    Position, RecordedEvent, SchemaVersion, Secret, StreamVersion, Tag, Tags, Timestamp,
};
use annals_proof::{EventDisclosure, check_receipt};
use annals_tlog::{
    Frontier, InclusionProof, LogCheckpoint, Origin, Receipt, SignedCheckpoint, Signer, SigningKey,
    VerifierKey, leaf_hash,
};

use crate::choices::{Choices, split_at_byte};

/// One event that is proven, as its holder has it.
struct Fixture {
    receipt: String,
    event_file: String,
    event: RecordedEvent,
    checkpoint: LogCheckpoint,
    key: VerifierKey,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(fixture);

pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (receipt, event_file) = if choices.coin() {
        let receipt = altered(FIXTURE.receipt.as_bytes(), &mut choices);
        (receipt, altered(FIXTURE.event_file.as_bytes(), &mut choices))
    } else {
        let (receipt, event_file) = split_at_byte(choices.rest(), 0);
        (receipt.to_vec(), event_file.to_vec())
    };
    if let Ok(parsed) = Receipt::parse(&receipt) {
        assert_eq!(parsed.to_string().as_bytes(), receipt);
    }
    if let Ok(parsed) = EventDisclosure::parse(&event_file) {
        assert_eq!(parsed.to_string().as_bytes(), event_file);
        let _ = parsed.entry();
    }
    if let Ok(checked) = check_receipt(&receipt, &event_file, std::slice::from_ref(&FIXTURE.key)) {
        assert_eq!(event_file, FIXTURE.event_file.as_bytes(), "the event file is the one that was given");
        assert_eq!(checked.event, FIXTURE.event);
        assert_eq!(checked.checkpoint, FIXTURE.checkpoint);
    }
}

/// Bytes are replaced, put in or taken out, as the choices say, until they say that it is enough.
fn altered(bytes: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while !bytes.is_empty() && bytes.len() < 8_192 {
        let act = choices.byte() % 5;
        if act == 0 {
            break;
        }
        let at = (usize::from(choices.byte()) << 8 | usize::from(choices.byte())) % bytes.len();
        let what = choices.byte();
        match act {
            1 => bytes[at] = what,
            2 => bytes.insert(at, what),
            3 => drop(bytes.remove(at)),
            _ => {
                let inserted = choices.bytes(what.into()).to_vec();
                bytes.splice(at..at, inserted);
            }
        }
    }
    bytes
}

fn fixture() -> Fixture {
    let origin: Origin = "example.com/log".parse().expect("an origin");
    let key = SigningKey::from_seed(origin.clone().into(), &[7; 32]);
    let disclosure = EventDisclosure { event: event(), opening: Opening::Secret(Secret([5; 16])) };
    let entry = disclosure.entry().expect("its secret opens it");
    let mut tree = Frontier::new();
    tree.push(leaf_hash(b"first"), |_| ());
    tree.push(leaf_hash(entry.as_bytes()), |_| ());
    let checkpoint = LogCheckpoint { origin, size: 2, root: tree.root(), extensions: Vec::new() };
    let receipt = Receipt {
        extra: None,
        index: 1,
        proof: InclusionProof { hashes: vec![leaf_hash(b"first")] },
        checkpoint: SignedCheckpoint::sign(&checkpoint, &key).expect("it can be signed"),
    };
    Fixture {
        receipt: receipt.to_string(),
        event_file: disclosure.to_string(),
        event: disclosure.event,
        checkpoint,
        key: key.verifier_key().clone(),
    }
}

fn event() -> RecordedEvent {
    let json = |text| Committed::Value(JsonObject::new(text).expect("an object"));
    let time = |text: &str| text.parse::<Timestamp>().expect("a time");
    RecordedEvent {
        position: Position(1),
        event_id: EventId::from_bytes([1; 16]),
        event_type: EventType::new("OrderPlaced").expect("a name"),
        aggregate_type: AggregateType::new("Order").expect("a name"),
        aggregate_id: Committed::Value(AggregateId::new("order_456").expect("a name")),
        version: StreamVersion(1),
        schema_version: SchemaVersion::FIRST,
        timestamp: time("2026-11-20T10:30:00Z"),
        recorded_at: time("2026-11-20T10:30:00.004211Z"),
        actor_id: Committed::Value(ActorId::anonymous()),
        tags: Committed::Value(Tags::new(vec![Tag::new("customer:42").expect("a name")])),
        payload: json(r#"{ "total": 99.90 }"#),
        metadata: json("{}"),
        context: Committed::Value(Context::empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixture_itself_verifies() {
        let Fixture { receipt, event_file, key, event, .. } = &*FIXTURE;
        let checked = check_receipt(receipt.as_bytes(), event_file.as_bytes(), std::slice::from_ref(key));
        assert_eq!(checked.expect("it is as it was made").event, *event);
    }
}
