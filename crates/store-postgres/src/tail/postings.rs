use std::sync::Arc;

use super::term::Term;

/// So many postings wait to be sorted.
const RECENT_MAX: usize = 1_024;

/// Runs that are so long are not put together any more, so that nobody waits long for it.
const RUN_MAX: usize = 65_536;

/// An event has a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub(super) term: Term,
    pub(super) position: u64,
}

/// Postings in runs, each sorted and behind the one before it in the order of positions. A copy is cheap.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    runs: Vec<Arc<[Posting]>>,
    /// Not sorted so far, but in the order of positions.
    recent: Vec<Posting>,
}

impl Postings {
    /// Adds postings of events behind all that are known, in the order of positions.
    pub(super) fn extend(&mut self, postings: Vec<Posting>) {
        self.recent.extend(postings);
        if self.recent.len() >= RECENT_MAX {
            let recent = std::mem::take(&mut self.recent);
            self.push_run(recent);
        }
    }

    /// Adds a run, and puts those together that are no longer than it.
    fn push_run(&mut self, mut run: Vec<Posting>) {
        run.sort_unstable();
        while let Some(last) = self.runs.pop_if(|last| last.len() <= run.len() && run.len() < RUN_MAX) {
            run.extend_from_slice(&last);
            // Two sorted parts are recognised as such.
            run.sort();
        }
        self.runs.push(run.into());
    }

    /// Forgets what lies below a position.
    pub(super) fn forget_below(&mut self, first: u64) {
        let is_kept = |posting: &Posting| posting.position >= first;
        for run in &mut self.runs {
            if !run.iter().all(is_kept) {
                *run = run.iter().copied().filter(is_kept).collect();
            }
        }
        self.runs.retain(|run| !run.is_empty());
        self.recent.retain(is_kept);
    }

    /// The positions of events with a term from one position up to, not including, another, in their order.
    pub(super) fn positions(
        &self,
        term: Term,
        (first, until): (u64, u64),
    ) -> impl DoubleEndedIterator<Item = u64> {
        let start = Posting { term, position: first };
        let end = Posting { term, position: until };
        let sorted = self.runs.iter().flat_map(move |run| {
            let from = run.partition_point(|posting| *posting < start);
            let to = run.partition_point(|posting| *posting < end).max(from);
            run.get(from..to).unwrap_or_default()
        });
        let recent = self.recent.iter().filter(move |posting| start <= **posting && **posting < end);
        sorted.chain(recent).map(|posting| posting.position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term(number: u64) -> Term {
        Term::aggregate_id(&number.to_string())
    }

    proptest! {
        #[test]
        fn positions_are_those_of_a_plain_list(
            groups in proptest::collection::vec(proptest::collection::vec(0_u64..5, 0..900), 0..12),
            (forgotten, first, len) in (0_u64..3_000, 0_u64..5_000, 0_u64..5_000),
        ) {
            let mut postings = Postings::default();
            let mut plain = Vec::new();
            for group in groups {
                let start = plain.len() as u64;
                let added = (start..).zip(group).map(|(position, number)| Posting { term: term(number), position });
                let added: Vec<Posting> = added.collect();
                plain.extend(added.clone());
                postings.extend(added);
            }
            postings.forget_below(forgotten);
            for number in 0..6 {
                let expected: Vec<u64> = plain
                    .iter()
                    .filter(|posting| posting.term == term(number) && posting.position >= forgotten.max(first))
                    .filter(|posting| posting.position < first + len)
                    .map(|posting| posting.position)
                    .collect();
                let range = (first, first + len);
                prop_assert_eq!(postings.positions(term(number), range).collect::<Vec<_>>(), expected.clone());
                let mut backwards: Vec<u64> = postings.positions(term(number), range).rev().collect();
                backwards.reverse();
                prop_assert_eq!(backwards, expected);
            }
        }
    }
}
