//! The hashes that bookkeeping rows carry, since they are no leaves of the tree.

use annals_event::CursorName;
use annals_store::{CursorValue, DeadLetter, DeadLetterState, Snapshot};
use sha2::{Digest, Sha256};

/// The hash of a cursor's row.
pub(crate) fn cursor_hash(name: &CursorName, value: &CursorValue) -> [u8; 32] {
    hash_of(&[b"cursor", name.as_str().as_bytes(), value.0.as_bytes()])
}

/// The hash of a snapshot's row.
pub(crate) fn snapshot_hash(snapshot: &Snapshot) -> [u8; 32] {
    hash_of(&[
        b"snapshot",
        snapshot.key.stream.aggregate_type.as_str().as_bytes(),
        snapshot.key.stream.aggregate_id.as_str().as_bytes(),
        snapshot.key.reducer.as_bytes(),
        &snapshot.version.0.to_be_bytes(),
        &snapshot.greatest_timestamp.as_micros().to_be_bytes(),
        snapshot.state.as_str().as_bytes(),
    ])
}

/// The hash of a dead letter's row.
pub(crate) fn dead_letter_hash(letter: &DeadLetter) -> [u8; 32] {
    hash_of(&[
        b"dead letter",
        &letter.id.0.to_be_bytes(),
        &letter.received_at.as_micros().to_be_bytes(),
        state_name(letter.state).as_bytes(),
        letter.letter.source.as_bytes(),
        letter.letter.place.as_bytes(),
        letter.letter.code.as_bytes(),
        letter.letter.reason.as_bytes(),
        &letter.letter.raw,
    ])
}

/// How a state of a dead letter stands in its row.
pub(crate) fn state_name(state: DeadLetterState) -> &'static str {
    match state {
        DeadLetterState::Open => "open",
        DeadLetterState::Retried => "retried",
        DeadLetterState::Discarded => "discarded",
    }
}

/// The state that has this name.
pub(crate) fn state_named(name: &str) -> Option<DeadLetterState> {
    [DeadLetterState::Open, DeadLetterState::Retried, DeadLetterState::Discarded]
        .into_iter()
        .find(|state| state_name(*state) == name)
}

/// SHA-256 over the parts, each behind its length, so that no two lists of parts meet.
fn hash_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}
