//! Test vectors that others published, and the worked example of the documentation.

use std::process::Command;

use annals_event::{
    ActorId, AggregateId, AggregateType, Committed, CommittedField, Context, EventId, EventType, JsonObject,
    Opening, Position, RecordedEvent, SchemaVersion, Secret, StreamVersion, Tag, Tags,
};
use annals_tlog::{
    ConsistencyClaim, Error, Frontier, Hash, InclusionClaim, LeafInTree, Note, SignedCheckpoint, Signer,
    SigningKey, TreeGrowth, TreeHead, VerifierKey, commit, consistency_proof, derive_salt, inclusion_proof,
    leaf_hash, recompute_entry, recompute_leaf_hash, root_at,
};
use serde_json::Value;

use crate::stored_tree::StoredTree;

fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes_of_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hash(hex: &Value) -> Hash {
    Hash::try_from(bytes_of_hex(text(hex)).as_slice()).unwrap()
}

fn hashes(list: &Value) -> Vec<Hash> {
    list.as_array().unwrap().iter().map(hash).collect()
}

#[test]
fn the_reference_tree_has_the_published_roots_and_proofs() {
    let reference = vectors("rfc6962-reference-tree.json");
    let roots = hashes(&reference["roots"]);
    let mut tree = StoredTree::of_size(0);
    assert_eq!(tree.frontier.root(), roots[0]);
    for (entry, root) in reference["leaves"].as_array().unwrap().iter().zip(&roots[1..]) {
        let leaf = leaf_hash(&bytes_of_hex(text(entry)));
        tree.levels[0].push(leaf);
        tree.frontier.push(leaf, |_| panic!("no subtree is complete yet"));
        assert_eq!(tree.frontier.root(), *root);
    }
    for vector in reference["inclusion"].as_array().unwrap() {
        let (index, size) = (vector["index"].as_u64().unwrap(), vector["size"].as_u64().unwrap());
        let proof = inclusion_proof(LeafInTree { index, size }, &tree).unwrap();
        assert_eq!(proof.hashes, hashes(&vector["proof"]));
        let head = TreeHead { size, root: roots[size as usize] };
        proof.verify(&InclusionClaim { index, leaf: tree.levels[0][index as usize], tree: head }).unwrap();
    }
    for vector in reference["consistency"].as_array().unwrap() {
        let (from, to) = (vector["from"].as_u64().unwrap(), vector["to"].as_u64().unwrap());
        let proof = consistency_proof(TreeGrowth { from, to }, &tree).unwrap();
        assert_eq!(proof.hashes, hashes(&vector["proof"]));
        let head = |size: u64| TreeHead { size, root: roots[size as usize] };
        proof.verify(&ConsistencyClaim { old: head(from), new: head(to) }).unwrap();
        assert_eq!(root_at(from, &tree).unwrap(), head(from).root);
        assert_eq!(Frontier::read(to, &tree).unwrap().head(), head(to));
    }
}

#[test]
fn the_note_of_the_specification_verifies() {
    let vector = &vectors("signed-notes.json")["specification"];
    let key: VerifierKey = text(&vector["vkey"]).parse().unwrap();
    assert_eq!(key.to_string(), text(&vector["vkey"]));
    let note = Note::parse(text(&vector["note"]).as_bytes()).unwrap();
    assert_eq!(note.verify([&key]).unwrap(), [&key]);
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), text(&vector["note"]));
}

#[test]
fn notes_are_signed_byte_for_byte_as_by_the_go_implementation() {
    let go = &vectors("signed-notes.json")["go"];
    let signing: SigningKey = text(&go["signingKey"]).parse().unwrap();
    assert_eq!(signing.to_secret_text().as_str(), text(&go["signingKey"]));
    let key: VerifierKey = text(&go["vkey"]).parse().unwrap();
    assert_eq!(signing.verifier_key(), &key);
    let note = Note::sign(text(&go["text"]), &signing).unwrap();
    assert_eq!(note.to_string(), text(&go["note"]));

    let other: VerifierKey = text(&go["otherVkey"]).parse().unwrap();
    let of_both = Note::parse(text(&go["noteOfBoth"]).as_bytes()).unwrap();
    assert_eq!(of_both.verify([&key]).unwrap(), [&key]);
    assert_eq!(of_both.verify([&key, &other]).unwrap(), [&key, &other]);
    assert!(matches!(note.verify([&other]), Err(Error::NotSignedBy { .. })));
    for malformed in go["malformedVkeys"].as_array().unwrap() {
        assert!(text(malformed).parse::<VerifierKey>().is_err());
    }
}

#[test]
fn the_checkpoints_of_the_specifications_are_read() {
    let notes = vectors("signed-notes.json");
    for (name, signatures) in [("checkpoint", 1), ("cosigned", 2)] {
        let bytes = text(&notes[name]);
        let checkpoint = SignedCheckpoint::parse(bytes.as_bytes()).unwrap();
        assert_eq!(checkpoint.to_string(), bytes);
        assert_eq!(checkpoint.unverified().origin.as_str(), "example.com/behind-the-sofa");
        assert_eq!(checkpoint.unverified().size, 20_852_163);
        assert_eq!(checkpoint.note().signatures().len(), signatures);
    }
}

fn worked_event(event: &Value) -> RecordedEvent {
    let object = |name: &str| JsonObject::new(text(&event[name])).unwrap();
    let tags = event["tags"].as_array().unwrap().iter().map(|tag| Tag::new(text(tag)).unwrap());
    RecordedEvent {
        position: Position(0),
        event_id: text(&event["eventId"]).parse::<EventId>().unwrap(),
        event_type: EventType::new(text(&event["eventType"])).unwrap(),
        aggregate_type: AggregateType::new(text(&event["aggregateType"])).unwrap(),
        aggregate_id: Committed::Value(AggregateId::new(text(&event["aggregateId"])).unwrap()),
        version: StreamVersion(event["version"].as_u64().unwrap()),
        schema_version: SchemaVersion::new(event["schemaVersion"].as_u64().unwrap()).unwrap(),
        timestamp: text(&event["timestamp"]).parse().unwrap(),
        recorded_at: text(&event["recordedAt"]).parse().unwrap(),
        actor_id: Committed::Value(ActorId::new(text(&event["actorId"])).unwrap()),
        tags: Committed::Value(Tags::new(tags.collect())),
        payload: Committed::Value(object("payload")),
        metadata: Committed::Value(object("metadata")),
        context: Committed::Value(Context::from_object(object("context"))),
    }
}

#[test]
fn the_worked_example_has_every_intermediate_value_of_the_documentation() {
    let example = vectors("worked-example.json");
    let secret = Secret(bytes_of_hex(text(&example["secret"])).try_into().unwrap());
    for field in CommittedField::ALL {
        let salt = derive_salt(&secret, field);
        assert_eq!(salt.0.as_slice(), bytes_of_hex(text(&example["salts"][field.name()])));
        let commitment = commit(&salt, text(&example["committedTexts"][field.name()]).as_bytes());
        assert_eq!(commitment.to_string(), text(&example["commitments"][field.name()]));
    }
    let event = worked_event(&example["event"]);
    let opening = Opening::Secret(secret);
    let entry = recompute_entry(&event, &opening).unwrap();
    assert_eq!(entry, text(&example["entry"]));
    assert_eq!(leaf_hash(entry.as_bytes()), hash(&example["leafHash"]));
    assert_eq!(recompute_leaf_hash(&event, &opening).unwrap(), hash(&example["leafHash"]));
}

#[test]
fn an_erased_event_keeps_its_leaf_and_needs_the_salts_of_what_is_left() {
    let example = vectors("worked-example.json");
    let secret = Secret(bytes_of_hex(text(&example["secret"])).try_into().unwrap());
    let mut event = worked_event(&example["event"]);
    let left = CommittedField::ALL.into_iter().filter(|field| *field != CommittedField::Payload);
    let mut salts =
        left.map(|field| (field, derive_salt(&secret, field))).collect::<std::collections::BTreeMap<_, _>>();
    let field = CommittedField::Payload;
    let opening = Opening::Salts(salts.clone());
    assert_eq!(recompute_entry(&event, &opening), Err(Error::MissingSalt { field }));

    let commitment = bytes_of_hex(text(&example["commitments"]["payload"]));
    event.payload = Committed::Erased(annals_event::Commitment(commitment.try_into().unwrap()));
    assert_eq!(recompute_entry(&event, &opening).unwrap(), text(&example["entry"]));
    assert_eq!(recompute_leaf_hash(&event, &opening).unwrap(), hash(&example["leafHash"]));

    salts.insert(CommittedField::Tags, derive_salt(&secret, CommittedField::Context));
    let forged = recompute_leaf_hash(&event, &Opening::Salts(salts)).unwrap();
    assert_ne!(forged, hash(&example["leafHash"]));
}

#[test]
fn twenty_lines_of_python_agree_with_the_worked_example() {
    let script = format!("{}/tests/vectors/worked-example.py", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3").arg(script).output().expect("python3 has to be installed");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(stdout.trim(), text(&vectors("worked-example.json")["leafHash"]));
}
