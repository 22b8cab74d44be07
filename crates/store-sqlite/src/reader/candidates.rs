use annals_store::Direction;

use super::postings::Postings;
use super::zones::Zones;
use crate::errors::Result;

/// Positions at which a question may be answered, found in the order of reading. Whoever follows them looks
/// at the event itself: a candidate may turn out not to match, but no match is ever left out.
pub(crate) enum Candidates<'a> {
    /// These positions, with the last.
    Range { first: u64, last: u64 },
    /// None.
    Nothing,
    /// Those of a term or of an indexed value.
    Postings(Postings<'a>),
    /// Those in zones of positions that meet a range of time.
    Zones(Zones<'a>),
    /// Those of any of these.
    Any(Vec<Candidates<'a>>),
    /// Those of all of these.
    All(Vec<Candidates<'a>>),
}

impl Candidates<'_> {
    /// Whether statements will be run on the index to find them.
    pub(crate) fn are_read_from_index(&self) -> bool {
        match self {
            Self::Nothing | Self::Range { .. } => false,
            Self::Postings(postings) => postings.are_read_from_index(),
            Self::Zones(_) => true,
            Self::Any(of) | Self::All(of) => of.iter().any(Candidates::are_read_from_index),
        }
    }

    /// The first candidate at or behind `from`, in the order of `direction`.
    pub(crate) fn seek(&mut self, from: u64, direction: Direction) -> Result<Option<u64>> {
        match self {
            Self::Nothing => Ok(None),
            Self::Range { first, last } => Ok(match direction {
                Direction::Forwards => Some(from.max(*first)).filter(|at| at <= last),
                Direction::Backwards => Some(from.min(*last)).filter(|at| at >= first),
            }),
            Self::Postings(postings) => postings.seek(from, direction),
            Self::Zones(zones) => zones.seek(from, direction),
            Self::Any(alternatives) => {
                let mut nearest = None;
                for alternative in alternatives {
                    let found = alternative.seek(from, direction)?;
                    nearest = match (nearest, found) {
                        (Some(a), Some(b)) => Some(nearer(a, b, direction)),
                        (a, b) => a.or(b),
                    };
                }
                Ok(nearest)
            }
            Self::All(conditions) => seek_all(conditions, from, direction),
        }
    }
}

/// Leaps from one list to the next until all of them meet.
fn seek_all(conditions: &mut [Candidates<'_>], from: u64, direction: Direction) -> Result<Option<u64>> {
    let needed = conditions.len();
    let (mut at, mut agreed, mut next) = (from, 0, 0);
    while agreed < needed {
        let Some(condition) = conditions.get_mut(next % needed) else { return Ok(None) };
        let Some(found) = condition.seek(at, direction)? else { return Ok(None) };
        agreed = if found == at { agreed + 1 } else { 1 };
        at = found;
        next += 1;
    }
    Ok(Some(at))
}

fn nearer(a: u64, b: u64, direction: Direction) -> u64 {
    match direction {
        Direction::Forwards => a.min(b),
        Direction::Backwards => a.max(b),
    }
}
