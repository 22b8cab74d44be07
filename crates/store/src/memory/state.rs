use std::collections::BTreeMap;

use annals_event::{CursorName, Position, Timestamp};
use annals_tlog::{SignedCheckpoint, VerifierKey};

use super::derived::Derived;
use crate::cursor::CursorValue;
use crate::dead_letter::DeadLetter;
use crate::event_store::Head;
use crate::proof_store::ProvableEvent;
use crate::snapshot::Snapshot;

/// Everything that a log holds.
#[derive(Default)]
pub(super) struct State {
    /// The facts: the event at position p stands at index p.
    pub(super) rows: Vec<ProvableEvent>,
    /// What follows from the facts.
    pub(super) derived: Derived,
    pub(super) cursors: BTreeMap<CursorName, CursorValue>,
    /// By size.
    pub(super) checkpoints: Vec<SignedCheckpoint>,
    /// The current one last.
    pub(super) verifier_keys: Vec<VerifierKey>,
    /// In any order.
    pub(super) snapshots: Vec<Snapshot>,
    /// The letter with number n stands at index n - 1.
    pub(super) dead_letters: Vec<DeadLetter>,
}

impl State {
    /// How many events there are; the next position.
    pub(super) fn size(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The event at `position`.
    pub(super) fn row(&self, position: Position) -> Option<&ProvableEvent> {
        self.rows.get(usize::try_from(position.0).ok()?)
    }

    /// When the last event was recorded.
    pub(super) fn recorded_at(&self) -> Option<Timestamp> {
        self.rows.last().map(|row| row.event.recorded_at)
    }

    pub(super) fn head(&self) -> Head {
        Head { size: self.size(), root: self.derived.frontier.root(), recorded_at: self.recorded_at() }
    }
}
