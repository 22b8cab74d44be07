use std::sync::Arc;

use annals_event::StreamName;
use annals_store::Direction;

use super::postings::Postings;
use super::term::Term;
use crate::payload_path::PayloadPaths;

/// What is known of the tail at one moment. What is learnt or sealed later does not change it.
#[derive(Clone)]
pub(crate) struct TailView {
    /// Events below this position have look-ups in the database.
    pub(crate) sealed: u64,
    /// Events from there on and below this position are known here.
    pub(crate) until: u64,
    pub(super) postings: Postings,
    /// What is looked up in payloads.
    pub(crate) paths: Arc<PayloadPaths>,
}

/// Which terms an event must have to be a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    AnyOf(Vec<Term>),
    AllOf(Vec<Term>),
}

impl TailView {
    /// The nearest positions, at most `limit`, of events that may be wanted, from the first position of a range up to,
    /// not including, the second, in the order of reading.
    pub(crate) fn positions(
        &self,
        wanted: &Wanted,
        range: (u64, u64),
        direction: Direction,
        limit: usize,
    ) -> Vec<u64> {
        let nearest = |term: Term| -> Box<dyn Iterator<Item = u64> + '_> {
            let all = self.postings.positions(term, range);
            if direction == Direction::Forwards { Box::new(all) } else { Box::new(all.rev()) }
        };
        match wanted {
            Wanted::AnyOf(terms) => {
                let mut found: Vec<u64> = terms.iter().flat_map(|term| nearest(*term).take(limit)).collect();
                found.sort_unstable();
                found.dedup();
                if direction == Direction::Backwards {
                    found.reverse();
                }
                found.truncate(limit);
                found
            }
            Wanted::AllOf(terms) => {
                let Some((first, others)) = terms.split_first() else { return Vec::new() };
                let has = |position, term: &Term| {
                    self.postings.positions(*term, (position, position + 1)).next().is_some()
                };
                let has_all = |position: &u64| others.iter().all(|term| has(*position, term));
                nearest(*first).filter(has_all).take(limit).collect()
            }
        }
    }

    /// Whether all events below `size` are sealed or known.
    pub(crate) fn reaches(&self, size: u64) -> bool {
        self.until >= size
    }

    /// Where the last event of a stream may stand, below `size`.
    pub(crate) fn last_of(&self, stream: &StreamName, size: u64) -> Option<u64> {
        let term = Term::aggregate_id(stream.aggregate_id.as_str());
        self.postings.positions(term, (0, size)).next_back()
    }
}
