use std::collections::HashMap;

use annals_event::{StreamName, StreamVersion};

/// With more streams than this, all are forgotten and looked up again.
const STREAMS_MAX: usize = 262_144;

/// The versions of streams that were written or asked for lately, as of one revision of the log. What others write
/// is learnt when a gate is lost.
#[derive(Default)]
pub(super) struct StreamHeads {
    versions: HashMap<StreamName, Option<StreamVersion>>,
}

impl StreamHeads {
    /// The version of a stream's last event, if it is known: there may be no event.
    pub(super) fn known(&self, stream: &StreamName) -> Option<Option<StreamVersion>> {
        self.versions.get(stream).copied()
    }

    /// Learns what was looked up.
    pub(super) fn learn(&mut self, stream: StreamName, version: Option<StreamVersion>) {
        self.versions.insert(stream, version);
    }

    /// Notes an event that was committed. What is not known needs no note.
    pub(super) fn note(&mut self, stream: &StreamName, version: StreamVersion) {
        if let Some(known) = self.versions.get_mut(stream) {
            *known = Some(version);
        }
    }

    /// Keeps memory bounded; called between turns, so that what a turn has looked up stays known in it.
    pub(super) fn trim(&mut self) {
        if self.versions.len() > STREAMS_MAX {
            self.versions.clear();
        }
    }

    /// Forgets one stream, so that it is looked up again.
    pub(super) fn forget_one(&mut self, stream: &StreamName) {
        self.versions.remove(stream);
    }

    pub(super) fn forget(&mut self) {
        self.versions.clear();
    }
}
