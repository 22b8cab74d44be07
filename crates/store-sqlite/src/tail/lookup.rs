use std::collections::HashMap;

use annals_event::EventId;
use foldhash::fast::RandomState;

use super::segment::Entry;
use crate::term::{Term, TermHasher};

/// Which entries of a segment have an id or a term. Each of the two knows a number of entries from the first on.
#[derive(Default)]
pub(super) struct Lookup {
    ids: HashMap<EventId, u32, RandomState>,
    ids_known: usize,
    terms: HashMap<Term, Vec<u32>, TermHasher>,
    terms_known: usize,
}

impl Lookup {
    pub(super) fn ids_known(&self) -> usize {
        self.ids_known
    }

    pub(super) fn terms_known(&self) -> usize {
        self.terms_known
    }

    pub(super) fn add_id(&mut self, entry: &Entry, _terms: &[Term]) {
        self.ids.insert(entry.event_id, self.ids_known as u32);
        self.ids_known += 1;
    }

    pub(super) fn add_terms(&mut self, _entry: &Entry, terms: &[Term]) {
        for term in terms {
            self.terms.entry(*term).or_default().push(self.terms_known as u32);
        }
        self.terms_known += 1;
    }

    pub(super) fn id(&self, id: EventId) -> Option<u32> {
        self.ids.get(&id).copied()
    }

    /// Entries in order.
    pub(super) fn term(&self, term: Term) -> &[u32] {
        self.terms.get(&term).map(Vec::as_slice).unwrap_or_default()
    }
}
