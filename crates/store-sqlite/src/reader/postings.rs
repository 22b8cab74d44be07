use annals_store::Direction;
use rusqlite::{Connection, params};

use crate::errors::{Result, corrupt, sqlite};
use crate::index::{block_of, first_of_block, read_gaps};
use crate::sql;
use crate::term::Term;

/// Rows that are read ahead in one go: few for the first page of many, more for a long way.
const ROWS_READ_AHEAD: [u32; 3] = [2, 16, 128];

/// The positions of one term: those below `tail_first` from the index, the others from the tail.
pub(crate) struct Postings<'a> {
    index: Option<(&'a Connection, Term)>,
    /// The first position of the tail: what the index says of it and beyond does not count.
    tail_first: u64,
    /// Positions from `tail_first` on, in order.
    tail: Vec<u64>,
    window: Window,
    loads: usize,
}

/// Positions that were read from the index, and where nothing else lies.
#[derive(Default)]
struct Window {
    positions: Vec<u64>,
    /// The window knows every position from here …
    from: u64,
    /// … up to here, this one left out.
    until: u64,
}

impl<'a> Postings<'a> {
    pub(crate) fn of_term(index: &'a Connection, term: Term, tail_first: u64, tail: Vec<u64>) -> Self {
        Self { index: Some((index, term)), tail_first, tail, window: Window::default(), loads: 0 }
    }

    /// Positions that are all known already, in order.
    pub(crate) fn listed(positions: Vec<u64>) -> Self {
        Self { index: None, tail_first: 0, tail: positions, window: Window::default(), loads: 0 }
    }

    /// Whether they are still to be read.
    pub(crate) fn are_read_from_index(&self) -> bool {
        self.index.is_some()
    }

    pub(crate) fn seek(&mut self, from: u64, direction: Direction) -> Result<Option<u64>> {
        match direction {
            Direction::Forwards => {
                if from < self.tail_first
                    && let Some(found) = self.seek_index_forwards(from)?
                {
                    return Ok(Some(found));
                }
                let at = self.tail.partition_point(|position| *position < from);
                Ok(self.tail.get(at).copied())
            }
            Direction::Backwards => {
                let at = self.tail.partition_point(|position| *position <= from);
                if let Some(found) = at.checked_sub(1).and_then(|at| self.tail.get(at)) {
                    return Ok(Some(*found));
                }
                match self.tail_first.checked_sub(1) {
                    Some(last) => self.seek_index_backwards(from.min(last)),
                    None => Ok(None),
                }
            }
        }
    }

    fn seek_index_forwards(&mut self, from: u64) -> Result<Option<u64>> {
        let mut from = from;
        loop {
            if !(self.window.from..self.window.until).contains(&from) && !self.load_forwards(from)? {
                return Ok(None);
            }
            let at = self.window.positions.partition_point(|position| *position < from);
            if let Some(found) = self.window.positions.get(at) {
                return Ok(Some(*found).filter(|found| *found < self.tail_first));
            }
            if self.window.until >= self.tail_first {
                return Ok(None);
            }
            from = self.window.until;
        }
    }

    fn seek_index_backwards(&mut self, from: u64) -> Result<Option<u64>> {
        let mut from = from;
        loop {
            if !(self.window.from..self.window.until).contains(&from) && !self.load_backwards(from)? {
                return Ok(None);
            }
            let at = self.window.positions.partition_point(|position| *position <= from);
            if let Some(found) = at.checked_sub(1).and_then(|at| self.window.positions.get(at)) {
                return Ok(Some(*found));
            }
            match self.window.from.checked_sub(1) {
                Some(before) => from = before,
                None => return Ok(None),
            }
        }
    }

    fn rows_ahead(&mut self) -> u32 {
        let rows = ROWS_READ_AHEAD.get(self.loads).or(ROWS_READ_AHEAD.last()).copied().unwrap_or(1);
        self.loads += 1;
        rows
    }

    /// Reads the row that may hold `from`, and some behind it in the same block. Rows of one term follow each
    /// other: the last position of a row lies before the first of the next.
    fn load_forwards(&mut self, from: u64) -> Result<bool> {
        let Some((index, term)) = self.index else { return Ok(false) };
        let (block, rows_max) = (block_of(from), self.rows_ahead());
        self.window.positions.clear();
        let mut statement = index.prepare_cached(sql::INDEX_POSTING_AT).map_err(sqlite)?;
        read_rows(&mut statement, params![block, term.0, from], &mut self.window.positions)?;
        let mut statement = index.prepare_cached(sql::INDEX_POSTINGS_AFTER).map_err(sqlite)?;
        let rows =
            read_rows(&mut statement, params![block, term.0, from, rows_max], &mut self.window.positions)?;
        self.window.from = from;
        self.window.until = match self.window.positions.last() {
            Some(last) if rows == rows_max => last + 1,
            _ => first_of_block(block + 1),
        };
        Ok(true)
    }

    /// Reads some rows of a block that begin at or before `from`, the nearest first.
    fn load_backwards(&mut self, from: u64) -> Result<bool> {
        let Some((index, term)) = self.index else { return Ok(false) };
        let (block, rows_max) = (block_of(from), self.rows_ahead());
        let mut statement = index.prepare_cached(sql::INDEX_POSTINGS_BEFORE).map_err(sqlite)?;
        self.window.positions.clear();
        let rows =
            read_rows(&mut statement, params![block, term.0, from, rows_max], &mut self.window.positions)?;
        self.window.positions.sort_unstable();
        self.window.from = match self.window.positions.first() {
            Some(first) if rows == rows_max => *first,
            _ => first_of_block(block),
        };
        self.window.until = from + 1;
        Ok(true)
    }
}

fn read_rows(
    statement: &mut rusqlite::Statement<'_>,
    parameters: impl rusqlite::Params,
    positions: &mut Vec<u64>,
) -> Result<u32> {
    let mut rows = statement.query(parameters).map_err(sqlite)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(sqlite)? {
        let first = row.get(0).map_err(sqlite)?;
        let gaps = row.get_ref(1).map_err(sqlite)?;
        let gaps = gaps.as_blob().map_err(|_| corrupt("the index holds gaps that are no blob"))?;
        read_gaps(first, gaps, positions)
            .ok_or_else(|| corrupt("the index holds gaps that cannot be read"))?;
        count += 1;
    }
    Ok(count)
}
