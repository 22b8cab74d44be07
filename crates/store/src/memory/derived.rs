use std::collections::{BTreeMap, HashMap};

use annals_event::{EventId, Position, StreamName, StreamVersion};
use annals_tlog::{Frontier, Hash};

use crate::catalog::StreamSummary;
use crate::proof_store::ProvableEvent;

/// What follows from the rows and nothing else, so that it can be derived anew and compared.
#[derive(Default, PartialEq)]
pub(super) struct Derived {
    /// Where each event stands.
    pub(super) positions: HashMap<EventId, Position>,
    /// Each stream's last event, by name.
    pub(super) streams: BTreeMap<StreamName, StreamSummary>,
    /// The tree's right edge.
    pub(super) frontier: Frontier,
    /// The stored hashes of each level: those of the leaves, then the roots of complete subtrees.
    pub(super) levels: Vec<Vec<Hash>>,
}

impl Derived {
    /// Derives everything from the rows.
    pub(super) fn from_rows(rows: &[ProvableEvent]) -> Self {
        let mut derived = Self::default();
        rows.iter().for_each(|row| derived.note(row));
        derived
    }

    /// Notes one further row.
    pub(super) fn note(&mut self, row: &ProvableEvent) {
        let event = &row.event;
        self.positions.insert(event.event_id, event.position);
        if let Some(stream) = event.stream() {
            let summary = StreamSummary {
                stream: stream.clone(),
                version: event.version,
                last_position: event.position,
                last_timestamp: event.timestamp,
            };
            self.streams.insert(stream, summary);
        }
        let levels = &mut self.levels;
        keep(levels, 0, row.leaf_hash);
        self.frontier.push(row.leaf_hash, |subtree| keep(levels, subtree.level, subtree.hash));
    }

    /// The version of the stream's last event.
    pub(super) fn version(&self, stream: &StreamName) -> Option<StreamVersion> {
        self.streams.get(stream).map(|summary| summary.version)
    }
}

/// Keeps a hash behind those of its level.
fn keep(levels: &mut Vec<Vec<Hash>>, level: u8, hash: Hash) {
    let level = usize::from(level);
    if levels.len() <= level {
        levels.resize_with(level + 1, Vec::new);
    }
    if let Some(hashes) = levels.get_mut(level) {
        hashes.push(hash);
    }
}
