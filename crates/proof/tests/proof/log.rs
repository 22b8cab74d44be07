//! Logs for tests: with the same seed, the same history down to the last byte.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use annals_event::{ActorId, EventType, JsonObject, Limits, NewEvent, StreamName, Tag, Tags, Timestamp};
use annals_proof::{CheckpointSigner, SigningState};
use annals_store::{Append, Clock, EventStore, MemoryStore, Randomness, StoreError};
use annals_tlog::{Origin, SigningKey};

pub(crate) fn origin() -> Origin {
    "example.com/log42".parse().unwrap()
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(origin().into(), &[7; 32])
}

/// Each look at it is a millisecond later.
struct TickingClock(AtomicI64);

impl Clock for TickingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(1_000, Ordering::Relaxed)).unwrap()
    }
}

/// SplitMix64 from a seed.
struct SeededRandomness(AtomicU64);

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), StoreError> {
        for byte in bytes {
            let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 56) as u8;
        }
        Ok(())
    }
}

/// A log without events. Logs of one seed agree, those of two seeds do not.
pub(crate) fn empty_log(seed: u64) -> Arc<MemoryStore> {
    let clock = Arc::new(TickingClock(AtomicI64::new(1_700_000_000_000_000)));
    let randomness = Arc::new(SeededRandomness(AtomicU64::new(seed)));
    Arc::new(MemoryStore::with(clock, randomness, Limits::default(), origin()))
}

pub(crate) async fn log_of(seed: u64, size: u64) -> Arc<MemoryStore> {
    let store = empty_log(seed);
    grow(&store, 0..size).await;
    store
}

/// Appends events one by one, so that a longer history begins with the shorter one.
pub(crate) async fn grow(store: &MemoryStore, numbers: Range<u64>) {
    for number in numbers {
        store.append(Append::event(event(number))).await.unwrap();
    }
}

fn event(number: u64) -> NewEvent {
    let stream = StreamName::new("Order", format!("order_{}", number % 7)).unwrap();
    let payload = JsonObject::new(format!(r#"{{ "total" : {number}.50, "note" : "ü\n\"" }}"#)).unwrap();
    let mut event = NewEvent::new(stream, EventType::new("OrderPlaced").unwrap(), payload);
    event.metadata = JsonObject::new(format!(r#"{{"correlationId":"c-{number}"}}"#)).unwrap();
    event.actor_id = Some(ActorId::new("user_789").unwrap());
    event.tags = Tags::new(vec![Tag::new("vip").unwrap(), Tag::new(format!("customer:{number}")).unwrap()]);
    event
}

/// A signer whose state lies in `folder`.
pub(crate) fn signer(store: &Arc<MemoryStore>, folder: &tempfile::TempDir) -> CheckpointSigner {
    CheckpointSigner::new(store.clone(), key(), SigningState::in_folder(folder.path(), &origin())).unwrap()
}

/// Appends many events in units of a thousand.
pub(crate) async fn grow_at_once(store: &MemoryStore, numbers: Range<u64>) {
    for start in numbers.clone().step_by(1_000) {
        let events = (start..numbers.end.min(start + 1_000)).map(event).collect();
        store.append(Append { events, ..Append::default() }).await.unwrap();
    }
}
