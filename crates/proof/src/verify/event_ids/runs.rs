//! Sorted runs of ids in a temporary file.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use super::{IdAt, Twins};
use crate::ProofError;

/// An id of 16 bytes and a position of 8.
const RECORD_LEN: usize = 24;

/// How much of each run is in memory while runs are merged; 64 KiB.
const CHUNK_RECORDS: u64 = 2_730;

/// Runs that were sorted and written.
#[derive(Default)]
pub(super) struct Runs {
    file: Option<File>,
    /// Where each run lies in the file, counted in records, and its least and greatest id.
    runs: Vec<Run>,
    twins: Twins,
}

#[derive(Clone, Copy)]
struct Run {
    start: u64,
    end: u64,
    least: u128,
    greatest: u128,
}

impl Runs {
    /// Takes the last run and finds all twins; without the file if this run is the only one.
    pub(super) fn finish(mut self, mut last: Vec<IdAt>) -> Result<Twins, ProofError> {
        if self.runs.is_empty() {
            last.sort_unstable();
            self.find_twins(&last);
        } else {
            self.add(last)?;
            self.merge()?;
        }
        Ok(self.twins)
    }

    /// Sorts a run, finds the twins within it, and writes it behind the others.
    pub(super) fn add(&mut self, mut run: Vec<IdAt>) -> Result<(), ProofError> {
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

fn no_room(source: std::io::Error) -> ProofError {
    ProofError::file("keep event ids in a temporary file in", &std::env::temp_dir(), source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_ids_are_not_read_again() {
        let mut runs = Runs::default();
        for start in [0_u128, 100, 200] {
            runs.add((start..start + 100).map(|id| (id, id as u64)).collect()).unwrap();
        }
        assert!(runs.overlapping().is_empty());
        runs.add(vec![(150, 9)]).unwrap();
        assert_eq!(runs.overlapping().len(), 2);
    }
}
