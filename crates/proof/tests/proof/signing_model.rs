//! Whatever happens to a log and to what lies around it, over all notes that ever left it no two contradict each
//! other.

use std::fs;
use std::sync::Arc;

use annals_event::{EventType, JsonObject, NewEvent};
use annals_proof::{CheckpointSigner, KeyHistory, SigningState};
use annals_store::{
    Append, Authority, CheckpointStore, EventReader, EventStore, MemoryStore, ProofStore, Query, ReadOptions,
    log_stream,
};
use annals_tlog::{ConsistencyClaim, SignedCheckpoint, Signer, SigningKey, TreeHead};
use proptest::prelude::*;

use crate::log::{grow, log_of, origin};

/// What may happen.
#[derive(Debug, Clone)]
enum Act {
    Grow(u64),
    Sign,
    /// What is to be signed is put down, and the process dies before the note is kept or leaves.
    SignAndDieWithoutNote,
    Rotate(Death),
    /// The log becomes an old copy of itself, with the checkpoints that were kept then.
    RestoreStore(u64),
    /// The log becomes one that differs behind this size.
    Fork(u64),
    LoseState,
    /// The signing state becomes an old copy of itself.
    RestoreState(usize),
    /// The key file becomes an old copy of itself.
    RestoreKey(u8),
    AdoptNewest,
    /// Another process signs an old copy of the log, with the same key and state.
    SignOldCopy(u64),
}

/// Where a rotation ends.
#[derive(Debug, Clone, Copy)]
enum Death {
    None,
    BeforeTheEvent,
    BeforeTheKeyHasItsPlace,
}

#[derive(Debug, Clone)]
enum Item {
    Number(u64),
    /// The payload of a rotation.
    Rotation(String),
}

/// A machine with a log, and everything that lies around it.
struct World {
    folder: tempfile::TempDir,
    items: Vec<Item>,
    kept: Vec<SignedCheckpoint>,
    states: Vec<Vec<u8>>,
    /// The keys in the key file and in the one that waits beside it.
    key: u8,
    waiting: Option<u8>,
    keys_made: u8,
    /// Every tree that was signed and left, with the log as it was then.
    left: Vec<(TreeHead, Arc<MemoryStore>)>,
    newest: Option<SignedCheckpoint>,
}

fn act() -> impl Strategy<Value = Act> {
    let death =
        prop_oneof![Just(Death::None), Just(Death::BeforeTheEvent), Just(Death::BeforeTheKeyHasItsPlace)];
    prop_oneof![
        8 => (1..20_u64).prop_map(Act::Grow),
        8 => Just(Act::Sign),
        2 => Just(Act::SignAndDieWithoutNote),
        4 => death.prop_map(Act::Rotate),
        2 => (0..60_u64).prop_map(Act::RestoreStore),
        1 => (0..60_u64).prop_map(Act::Fork),
        1 => Just(Act::LoseState),
        2 => (0..10_usize).prop_map(Act::RestoreState),
        1 => (0..3_u8).prop_map(Act::RestoreKey),
        2 => Just(Act::AdoptNewest),
        2 => (0..60_u64).prop_map(Act::SignOldCopy),
    ]
}

fn nth(index: u8) -> SigningKey {
    SigningKey::from_seed(origin().into(), &[7 + index; 32])
}

/// A log as its items and notes make it.
async fn replay(items: &[Item], kept: &[SignedCheckpoint]) -> Arc<MemoryStore> {
    let store = log_of(3, 0).await;
    for item in items {
        match item {
            Item::Number(number) => grow(&store, *number..number + 1).await,
            Item::Rotation(payload) => {
                let (stream, kind) =
                    (log_stream(&origin()).unwrap(), EventType::new("SigningKeyRotated").unwrap());
                let event = NewEvent::new(stream, kind, JsonObject::new(payload.clone()).unwrap());
                store.append(Append { authority: Authority::Log, ..Append::event(event) }).await.unwrap();
            }
        }
    }
    for checkpoint in kept.iter().filter(|kept| kept.unverified().size <= items.len() as u64) {
        store.keep_checkpoint(checkpoint).await.unwrap();
    }
    if !kept.is_empty() {
        store.add_verifier_key(nth(0).verifier_key()).await.unwrap();
    }
    store
}

impl World {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            items: Vec::new(),
            kept: Vec::new(),
            states: Vec::new(),
            key: 0,
            waiting: None,
            keys_made: 1,
            left: Vec::new(),
            newest: None,
        }
    }

    fn state(&self) -> SigningState {
        SigningState::in_folder(self.folder.path(), &origin())
    }

    /// Who signs this log, as whoever opens it finds out: the key in the file, or the one that waits if the log
    /// went over to it.
    async fn signer(&mut self, store: &Arc<MemoryStore>) -> CheckpointSigner {
        let history = KeyHistory::read(&**store, &[]).await.unwrap();
        if let Some(waiting) =
            self.waiting.filter(|waiting| history.current() == Some(nth(*waiting).verifier_key()))
        {
            (self.key, self.waiting) = (waiting, None);
        }
        CheckpointSigner::new(store.clone(), nth(self.key), self.state()).unwrap()
    }

    /// Whether anything here remembers the newest note that left. Store and state that were both set back
    /// cannot; that is the limit.
    fn remembers(&self, kept: &[SignedCheckpoint]) -> bool {
        let Some((newest, _)) = self.left.last() else { return true };
        let kept = kept.last().map(|kept| kept.unverified().size);
        match self.state().read().unwrap() {
            None => kept.is_some(),
            Some(state) => state.size.max(kept.unwrap_or(0)) >= newest.size,
        }
    }

    async fn keep_all_of(&mut self, store: &Arc<MemoryStore>) {
        self.kept = store.checkpoints(None, usize::MAX).await.unwrap();
        let size = store.head().await.unwrap().size;
        if size > self.items.len() as u64 {
            let after = self.items.len().checked_sub(1).map(|last| annals_event::Position(last as u64));
            let options = ReadOptions { after, ..ReadOptions::default() };
            let page = EventReader::new(&**store, Query::all(), options).next_page().await.unwrap().unwrap();
            self.items.push(Item::Rotation(page[0].payload.value().unwrap().as_str().to_owned()));
        }
        assert_eq!(size, self.items.len() as u64);
        self.states.push(fs::read(self.state().path()).unwrap());
    }

    async fn carry_out(&mut self, act: Act) {
        let store = replay(&self.items, &self.kept).await;
        match act {
            Act::Grow(count) => {
                let size = self.items.len() as u64;
                self.items.extend((1_000 + size..1_000 + size + count).map(Item::Number));
            }
            Act::RestoreStore(size) => {
                self.items.truncate(size as usize);
                self.kept.retain(|kept| kept.unverified().size <= size);
            }
            Act::Fork(size) => {
                if let Some(Item::Number(number)) = self.items.get_mut(size as usize) {
                    *number += 1_000_000;
                }
            }
            Act::LoseState => drop(fs::remove_file(self.state().path())),
            Act::RestoreState(index) => {
                if let Some(old) = self.states.get(index) {
                    fs::write(self.state().path(), old).unwrap();
                }
            }
            Act::RestoreKey(key) => self.key = key.min(self.keys_made - 1),
            // The newest that ever left the log is what an honest operator adopts.
            Act::AdoptNewest => {
                if let Some(newest) = self.newest.clone() {
                    let _ = self.signer(&store).await.adopt(&newest).await;
                }
            }
            Act::Sign | Act::SignAndDieWithoutNote if self.remembers(&self.kept) => {
                if let Ok(signed) = self.signer(&store).await.sign_now().await
                    && matches!(act, Act::Sign)
                {
                    self.left.push((signed.unverified().tree(), store.clone()));
                    self.newest = Some(signed);
                    self.keep_all_of(&store).await;
                }
            }
            Act::Rotate(death) if self.remembers(&self.kept) => self.rotate(&store, death).await,
            Act::SignOldCopy(size) => {
                let size = (size as usize).min(self.items.len());
                let kept: Vec<_> =
                    self.kept.iter().filter(|kept| kept.unverified().size <= size as u64).cloned().collect();
                let copy = replay(&self.items[..size], &kept).await;
                if self.remembers(&kept)
                    && let Ok(signed) = self.signer(&copy).await.sign_now().await
                {
                    self.left.push((signed.unverified().tree(), copy));
                    self.newest = Some(signed);
                }
            }
            Act::Sign | Act::SignAndDieWithoutNote | Act::Rotate(_) => {}
        }
    }

    async fn rotate(&mut self, store: &Arc<MemoryStore>, death: Death) {
        let signer = self.signer(store).await;
        let next = *self.waiting.get_or_insert(self.keys_made);
        self.keys_made = self.keys_made.max(next + 1);
        if matches!(death, Death::BeforeTheEvent) {
            if let Ok(signed) = signer.sign_now().await {
                self.left.push((signed.unverified().tree(), store.clone()));
                self.newest = Some(signed);
                self.keep_all_of(store).await;
            }
            return;
        }
        let Ok(rotation) = signer.rotate(&nth(next)).await else { return };
        self.left.push((rotation.at, store.clone()));
        self.newest = store.newest_checkpoint().await.unwrap();
        self.keep_all_of(store).await;
        if matches!(death, Death::None) {
            (self.key, self.waiting) = (next, None);
        }
    }
}

/// How many notes left, and how many keys signed them.
async fn notes_never_contradict_each_other(acts: Vec<Act>) -> (usize, u8) {
    let mut world = World::new();
    for act in acts {
        world.carry_out(act).await;
    }
    for pair in world.left.windows(2) {
        let [(old, _), (new, store)] = pair else { unreachable!() };
        assert!(old.size <= new.size, "{old:?} was signed before {new:?}");
        let proof = store.consistency_proof(old.size, new.size).await.unwrap();
        proof.verify(&ConsistencyClaim { old: *old, new: *new }).unwrap();
    }
    (world.left.len(), world.keys_made)
}

#[tokio::test]
async fn the_model_itself_signs_and_rotates() {
    let rotated =
        [Act::Grow(3), Act::Sign, Act::Rotate(Death::BeforeTheKeyHasItsPlace), Act::Grow(1), Act::Sign];
    let acts = rotated.into_iter().chain([Act::Rotate(Death::None), Act::Grow(1), Act::Sign]);
    assert_eq!(notes_never_contradict_each_other(acts.collect()).await, (5, 3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_to_a_log_no_two_notes_contradict_each_other(
        acts in proptest::collection::vec(act(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(notes_never_contradict_each_other(acts));
    }
}
