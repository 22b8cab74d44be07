//! Whether an event id stands twice, for any number of events in bounded memory.
//!
//! Ids are gathered in runs, each is sorted, and sorted runs are merged, as a merge sort on tape did it. Ids
//! that Annals made itself grow with their positions, so their runs do not overlap and need no merging.

mod runs;

use annals_event::EventId;

use crate::ProofError;
use crate::error::blocking;
use runs::Runs;

/// How many ids are sorted in memory at a time; 8 MiB.
const RUN_LEN: usize = 1 << 18;

/// How many twins are named; in a log that was copied into itself all events are.
const TWINS_MAX: usize = 10_000;

/// An id as a number, in the order of ids, and where it stands.
type IdAt = (u128, u64);

/// An id that stands at two positions.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TwinId {
    pub(super) event_id: EventId,
    pub(super) first: u64,
    pub(super) second: u64,
}

/// The ids of a log.
pub(super) struct EventIds {
    run_len: usize,
    current: Vec<IdAt>,
    sorted: Runs,
}

/// The ids that stand twice.
#[derive(Debug, Default)]
pub(super) struct Twins {
    pub(super) named: Vec<TwinId>,
    /// How many there are beyond these.
    pub(super) omitted: u64,
}

impl EventIds {
    pub(super) fn new() -> Self {
        Self::with_runs_of(RUN_LEN)
    }

    fn with_runs_of(run_len: usize) -> Self {
        Self { run_len, current: Vec::new(), sorted: Runs::default() }
    }

    /// Notes an id; [`Self::tidy`] must be called now and then.
    pub(super) fn note(&mut self, event_id: EventId, position: u64) {
        self.current.push((u128::from_be_bytes(*event_id.as_bytes()), position));
    }

    /// Moves a full run out of memory.
    pub(super) async fn tidy(&mut self) -> Result<(), ProofError> {
        if self.current.len() < self.run_len {
            return Ok(());
        }
        let run = std::mem::take(&mut self.current);
        let mut sorted = std::mem::take(&mut self.sorted);
        self.sorted = blocking(move || sorted.add(run).map(|()| sorted)).await?;
        Ok(())
    }

    /// The ids that stand twice; an id that stands n times is named n − 1 times.
    pub(super) async fn finish(self) -> Result<Twins, ProofError> {
        let Self { current, sorted, .. } = self;
        blocking(move || sorted.finish(current)).await
    }
}

impl Twins {
    fn add(&mut self, one: IdAt, other: IdAt) {
        if self.named.len() == TWINS_MAX {
            self.omitted += 1;
            return;
        }
        let event_id = EventId::from_bytes(one.0.to_be_bytes());
        let (first, second) = (one.1.min(other.1), one.1.max(other.1));
        self.named.push(TwinId { event_id, first, second });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    async fn twins(ids: &[u16], run_len: usize) -> Vec<(u16, u64)> {
        let mut event_ids = EventIds::with_runs_of(run_len);
        for (position, id) in ids.iter().enumerate() {
            let id = u128::from(*id) << 64;
            event_ids.note(EventId::from_bytes(id.to_be_bytes()), position as u64);
            event_ids.tidy().await.unwrap();
        }
        let twins = event_ids.finish().await.unwrap().named;
        assert!(twins.iter().all(|twin| ids[twin.first as usize] == ids[twin.second as usize]));
        let mut found: Vec<_> = twins.iter().map(|twin| (ids[twin.first as usize], twin.second)).collect();
        found.sort_unstable();
        found
    }

    fn expected(ids: &[u16]) -> BTreeMap<u16, usize> {
        let mut counts = BTreeMap::new();
        ids.iter().for_each(|id| *counts.entry(*id).or_insert(0) += 1);
        counts.retain(|_, count| *count > 1);
        counts
    }

    proptest! {
        #[test]
        fn every_id_that_stands_twice_is_found_whatever_the_length_of_runs(
            ids in proptest::collection::vec(prop_oneof![0..40_u16, any::<u16>()], 0..120), run_len in 1..50_usize
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let found = runtime.block_on(twins(&ids, run_len));
            let mut counts = BTreeMap::new();
            found.iter().for_each(|(id, _)| *counts.entry(*id).or_insert(1) += 1);
            prop_assert_eq!(counts, expected(&ids));
        }
    }
}
