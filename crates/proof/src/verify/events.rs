//! What events say of each other, and how their rows become leaves.

use annals_event::Timestamp;
use annals_tlog::Hash;

use super::event_ids::EventIds;
use super::page::{HashedEvent, HashedRow};
use super::problems::Problems;
use super::stream_versions::StreamVersions;

/// What events say of each other.
pub(super) struct Events {
    /// How many were recomputed.
    pub(super) count: u64,
    pub(super) ids: EventIds,
    versions: StreamVersions,
    pub(super) last_recorded_at: Option<Timestamp>,
    /// The position of the last event that was as it was recorded.
    pub(super) last_unaltered: Option<u64>,
    /// Positions of this page whose stored leaf hashes are not both that of the event.
    pub(super) disputed: Vec<u64>,
}

impl Events {
    /// Nothing was seen yet.
    pub(super) fn new() -> Self {
        Self {
            count: 0,
            ids: EventIds::new(),
            versions: StreamVersions::default(),
            last_recorded_at: None,
            last_unaltered: None,
            disputed: Vec::new(),
        }
    }

    /// The leaf hash with which the tree goes on at a position: the recomputed one; where there is none, or
    /// another than is stored, the stored one, so that one altered event is one problem.
    pub(super) fn leaf_at(
        &mut self,
        position: u64,
        row: Option<HashedRow>,
        stored_leaf: Option<Hash>,
        problems: &mut Problems,
    ) -> Option<Hash> {
        match row.map(|row| row.event) {
            None => {
                problems.at("event-missing", position, || {
                    format!("no row states the event at position {position}")
                });
                stored_leaf
            }
            Some(Err(reason)) => {
                problems.at("event-unreadable", position, || {
                    format!("the row at position {position} states no event: {reason}")
                });
                stored_leaf
            }
            Some(Ok(event)) => {
                self.count += 1;
                self.ids.note(event.event_id, position);
                Some(self.leaf_of(position, &event, stored_leaf, problems))
            }
        }
    }

    fn leaf_of(
        &mut self,
        position: u64,
        event: &HashedEvent,
        stored_leaf: Option<Hash>,
        problems: &mut Problems,
    ) -> Hash {
        let is_in_place = event.position.0 == position;
        let known = [Some(event.stored_leaf), stored_leaf];
        let leaf = match &event.leaf {
            Ok(leaf) if is_in_place && known.contains(&Some(*leaf)) => *leaf,
            _ => {
                problems.at("event-altered", position, || altered(position, event));
                self.versions.note_altered(event.stream, event.version);
                return stored_leaf.unwrap_or(event.stored_leaf);
            }
        };
        if known.into_iter().flatten().any(|stored| stored != leaf) {
            problems.at("tree-hash-altered", position, || {
                format!("a stored leaf hash of position {position} is not that of its event, {leaf}")
            });
            self.disputed.push(position);
        }
        self.check_order(position, event, problems);
        leaf
    }

    fn check_order(&mut self, position: u64, event: &HashedEvent, problems: &mut Problems) {
        if let Err(expected) = self.versions.note(event.stream, event.version) {
            problems.at("version-gap", position, || {
                format!(
                    "the event at position {position} has version {} of its stream, but {expected} comes next there",
                    event.version
                )
            });
        }
        if let Some(before) = self.last_recorded_at.filter(|before| *before > event.recorded_at) {
            problems.at("recorded-at-order", position, || {
                format!(
                    "the event at position {position} was recorded at {}, before the one in front of it, {before}",
                    event.recorded_at
                )
            });
        }
        self.last_recorded_at = Some(event.recorded_at);
        self.last_unaltered = Some(position);
    }
}

fn altered(position: u64, event: &HashedEvent) -> String {
    let stored = event.stored_leaf;
    match &event.leaf {
        Err(error) => format!("the leaf of the event at position {position} cannot be recomputed: {error}"),
        Ok(_) if event.position.0 != position => {
            format!("the event at position {position} says that it stands at {}", event.position)
        }
        Ok(leaf) => {
            format!("the event at position {position} gives the leaf hash {leaf}, but {stored} is stored")
        }
    }
}
