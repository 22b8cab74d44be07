//! How events are gathered by an index that has them in another order than that of reading.
//!
//! All that one statement finds is put in order before the first of it is known. So the nearest positions are scanned
//! first: what many events fulfil is found there, and few of the others are left to be put in order. Then come the blocks,
//! one, four, sixteen at a time, until a page is full or took long. Blocks without the index are scanned.

use annals_store::Direction;

use super::asked::Asked;
use super::filter::SCANNED_SPAN;
use super::find::{Found, Part, within};
use super::page::{Filling, Range};
use super::statement::Place;
use crate::connection::Session;
use crate::errors::Failure;

/// Of so many positions one may have a wanted event for the scan to be the end of it.
const SCANNED_PER_EVENT: u64 = 4;

/// At least so many positions are scanned first.
const SCANNED_MIN: u64 = 4_096;

impl Filling<'_> {
    /// Finds the next events of one item.
    pub(super) async fn gather(&self, session: &Session, asked: &Asked) -> Result<Found, Failure> {
        let (filter, range) = (&asked.filter, self.range_left(asked));
        let direction = self.request.direction;
        let nearest = match direction {
            Direction::Forwards => range.0,
            Direction::Backwards => range.1.saturating_sub(1),
        };
        let at = asked.blocks.iter().position(|block| (block.0..block.1).contains(&nearest));
        let (place, blocks, span) = match at {
            Some(at) if self.statements > 0 => {
                let count = 4_usize.saturating_pow(self.statements - 1);
                (Place::Gathered, run(&asked.blocks, (at, count), direction), u64::MAX)
            }
            at => {
                let wanted = u64::try_from(self.limit(filter)).unwrap_or(u64::MAX);
                let first_span = wanted.saturating_mul(SCANNED_PER_EVENT).max(SCANNED_MIN);
                let span = if self.statements == 0 { first_span } else { SCANNED_SPAN };
                let block = at.and_then(|at| asked.blocks.get(at)).copied();
                (Place::Unknown, block.unwrap_or_else(|| between(&asked.blocks, nearest)), span)
            }
        };
        let (first, until) = within(range, blocks);
        let looked_at = match direction {
            Direction::Forwards => (first, until.min(first.saturating_add(span))),
            Direction::Backwards => (first.max(until.saturating_sub(span)), until),
        };
        let is_cut = match direction {
            Direction::Forwards => looked_at.1 < range.1,
            Direction::Backwards => looked_at.0 > range.0,
        };
        let keys = filter.keys.as_deref();
        self.ask(session, filter, Part { place, blocks, keys, range: looked_at, is_cut }).await
    }
}

/// The positions of a block and of those that follow it in the order of reading without a gap, so many at the most.
fn run(blocks: &[Range], (at, count): (usize, usize), direction: Direction) -> Range {
    let (nearer, farther) = blocks.split_at(at);
    let (block, farther) = farther.split_first().map_or(((0, 0), farther), |(block, rest)| (*block, rest));
    let more = count.saturating_sub(1);
    match direction {
        Direction::Forwards => farther
            .iter()
            .take(more)
            .fold(block, |run, next| if next.0 == run.1 { (run.0, next.1) } else { run }),
        Direction::Backwards => nearer
            .iter()
            .rev()
            .take(more)
            .fold(block, |run, next| if next.1 == run.0 { (next.0, run.1) } else { run }),
    }
}

/// The positions around one that lie in none of the blocks.
fn between(blocks: &[Range], position: u64) -> Range {
    let first = blocks.iter().map(|block| block.1).filter(|until| *until <= position).max();
    let until = blocks.iter().map(|block| block.0).filter(|first| *first > position).min();
    (first.unwrap_or(0), until.unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKS: [Range; 5] = [(0, 32), (32, 64), (96, 128), (128, 160), (160, 224)];

    #[test]
    fn blocks_are_taken_together_up_to_a_gap() {
        assert_eq!(run(&BLOCKS, (0, 1), Direction::Forwards), (0, 32));
        assert_eq!(run(&BLOCKS, (0, 4), Direction::Forwards), (0, 64));
        assert_eq!(run(&BLOCKS, (2, 4), Direction::Forwards), (96, 224));
        assert_eq!(run(&BLOCKS, (4, 2), Direction::Backwards), (128, 224));
        assert_eq!(run(&BLOCKS, (4, 16), Direction::Backwards), (96, 224));
    }

    #[test]
    fn what_lies_between_blocks_ends_where_they_begin() {
        assert_eq!(between(&BLOCKS, 70), (64, 96));
        assert_eq!(between(&BLOCKS, 224), (224, u64::MAX));
        assert_eq!(between(&BLOCKS[2..], 0), (0, 96));
    }
}
