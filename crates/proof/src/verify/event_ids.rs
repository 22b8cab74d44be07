//! Whether an event id stands twice, for any number of events in bounded memory.
//!
//! Ids are gathered in runs, each is sorted, and sorted runs are merged, as a merge sort on tape did it. Ids
//! that Annals made itself grow with their positions, so their runs do not overlap and need no merging.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use annals_event::EventId;

use crate::ProofError;
use crate::error::blocking;

/// How many ids are sorted in memory at a time; 24 MiB.
const RUN_LEN: usize = 1 << 20;

/// An id of 16 bytes and a position of 8.
const RECORD_LEN: usize = 24;

/// How much of each run is in memory while runs are merged; 64 KiB.
const CHUNK_RECORDS: u64 = 2_730;

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

/// Runs that were sorted and written.
#[derive(Default)]
struct Runs {
    file: Option<File>,
    /// Where each run lies in the file, counted in records, and its least and greatest id.
    runs: Vec<Run>,
    twins: Twins,
}

/// The ids that stand twice.
#[derive(Debug, Default)]
pub(super) struct Twins {
    pub(super) named: Vec<TwinId>,
    /// How many there are beyond these.
    pub(super) omitted: u64,
}

#[derive(Clone, Copy)]
struct Run {
    start: u64,
    end: u64,
    least: u128,
    greatest: u128,
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
        let Self { current, mut sorted, .. } = self;
        blocking(move || {
            if sorted.runs.is_empty() {
                let mut only = current;
                only.sort_unstable();
                sorted.find_twins(&only);
            } else {
                sorted.add(current)?;
                sorted.merge()?;
            }
            Ok(sorted.twins)
        })
        .await
    }
}

impl Runs {
    /// Sorts a run, finds the twins within it, and writes it behind the others.
    fn add(&mut self, mut run: Vec<IdAt>) -> Result<(), ProofError> {
        run.sort_unstable();
        self.find_twins(&run);
        let (Some(least), Some(greatest)) = (run.first(), run.last()) else { return Ok(()) };
        let start = self.runs.last().map_or(0, |last| last.end);
        let end = start + run.len() as u64;
        self.runs.push(Run { start, end, least: least.0, greatest: greatest.0 });
        self.write(&run).map_err(no_room)
    }

    fn write(&mut self, run: &[IdAt]) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::End(0))?;
        let mut writer = BufWriter::with_capacity(1 << 18, file);
        for (id, position) in run {
            writer.write_all(&id.to_be_bytes())?;
            writer.write_all(&position.to_be_bytes())?;
        }
        writer.flush()
    }

    fn find_twins(&mut self, sorted: &[IdAt]) {
        for pair in sorted.windows(2) {
            if let [first, second] = pair
                && first.0 == second.0
            {
                self.twins.add(*first, *second);
            }
        }
    }

    /// Finds the twins of which one stands in one run and one in another.
    fn merge(&mut self) -> Result<(), ProofError> {
        let overlapping = self.overlapping();
        let Some(file) = self.file.as_mut().filter(|_| !overlapping.is_empty()) else { return Ok(()) };
        let mut readers: Vec<RunReader> = overlapping.into_iter().map(RunReader::new).collect();
        let mut heap = BinaryHeap::new();
        for (index, reader) in readers.iter_mut().enumerate() {
            heap.extend(reader.next(file).map_err(no_room)?.map(|record| Reverse((record, index))));
        }
        let mut last: Option<(IdAt, usize)> = None;
        while let Some(Reverse((record, index))) = heap.pop() {
            if let Some((before, run)) = last
                && before.0 == record.0
                && run != index
            {
                self.twins.add(before, record);
            }
            last = Some((record, index));
            if let Some(reader) = readers.get_mut(index) {
                heap.extend(reader.next(file).map_err(no_room)?.map(|record| Reverse((record, index))));
            }
        }
        Ok(())
    }

    /// The runs that share a part of the range of ids with another.
    fn overlapping(&self) -> Vec<Run> {
        let mut runs = self.runs.clone();
        runs.sort_unstable_by_key(|run| run.least);
        let mut overlapping = vec![false; runs.len()];
        let mut reach: Option<(u128, usize)> = None;
        for (index, run) in runs.iter().enumerate() {
            if let Some((greatest, before)) = reach
                && run.least <= greatest
            {
                for place in [before, index] {
                    overlapping.get_mut(place).into_iter().for_each(|is_overlapping| *is_overlapping = true);
                }
            }
            if reach.is_none_or(|(greatest, _)| greatest < run.greatest) {
                reach = Some((run.greatest, index));
            }
        }
        runs.into_iter()
            .zip(overlapping)
            .filter_map(|(run, is_overlapping)| is_overlapping.then_some(run))
            .collect()
    }
}

/// Reads a run in chunks.
struct RunReader {
    next: u64,
    end: u64,
    /// The records that were read ahead, the last first.
    ahead: Vec<IdAt>,
}

impl RunReader {
    fn new(run: Run) -> Self {
        Self { next: run.start, end: run.end, ahead: Vec::new() }
    }

    fn next(&mut self, file: &mut File) -> std::io::Result<Option<IdAt>> {
        if self.ahead.is_empty() && self.next < self.end {
            let count = CHUNK_RECORDS.min(self.end - self.next);
            file.seek(SeekFrom::Start(self.next * RECORD_LEN as u64))?;
            let mut bytes = vec![0; count as usize * RECORD_LEN];
            file.read_exact(&mut bytes)?;
            self.ahead.extend(bytes.as_chunks::<RECORD_LEN>().0.iter().rev().map(parse));
            self.next += count;
        }
        Ok(self.ahead.pop())
    }
}

fn parse(record: &[u8; RECORD_LEN]) -> IdAt {
    let (mut id, mut position) = ([0; 16], [0; 8]);
    let (id_bytes, position_bytes) = record.split_at(16);
    id.copy_from_slice(id_bytes);
    position.copy_from_slice(position_bytes);
    (u128::from_be_bytes(id), u64::from_be_bytes(position))
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

fn no_room(source: std::io::Error) -> ProofError {
    ProofError::file("keep event ids in a temporary file in", &std::env::temp_dir(), source)
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

    #[tokio::test]
    async fn growing_ids_are_not_read_again() {
        let mut runs = Runs::default();
        for start in [0_u128, 100, 200] {
            runs.add((start..start + 100).map(|id| (id, id as u64)).collect()).unwrap();
        }
        assert!(runs.overlapping().is_empty());
        runs.add(vec![(150, 9)]).unwrap();
        assert_eq!(runs.overlapping().len(), 2);
    }
}
