//! What is said of checkpoints that the log does not agree with.

use std::ops::Range;

use annals_tlog::{Hash, TreeHead};

use super::trust::Keeper;
use crate::verify::problems::Problems;

/// A checkpoint with another root than the log has at its size.
pub(super) struct Contradiction {
    pub(super) keeper: Keeper,
    pub(super) signed: TreeHead,
    pub(super) computed: Hash,
    /// The size of the largest checkpoint before it that agrees.
    pub(super) agreed_size: u64,
}

impl Contradiction {
    /// Reports it, as narrowly as `suspects` allow; `later` is how many more contradict.
    pub(super) fn report(&self, suspects: &[Range<u64>], later: u64, problems: &mut Problems) {
        let Self { keeper, signed, computed, agreed_size } = self;
        let range = *agreed_size..signed.size;
        let within = suspects.iter().find(|suspect| suspect.start < range.end && range.start < suspect.end);
        let (narrowest, witness) = match within {
            Some(suspect) => {
                (suspect.start.max(range.start)..suspect.end.min(range.end), " and the stored tree")
            }
            None => (range, ""),
        };
        problems.at("checkpoint-contradicts-log", narrowest.start, || {
            let further = if later == 0 { String::new() } else { format!(" (of later kept ones {later} contradict too)") };
            format!(
                "the {} of {} events has the root {}, but the events give {computed}{further}: this{witness} says \
                 that events at the positions {} to {} are not those that were signed",
                keeper.checkpoint(),
                signed.size,
                signed.root,
                narrowest.start,
                narrowest.end.saturating_sub(1),
            )
        });
    }
}

/// Reports a checkpoint that is larger than the log.
pub(super) fn report_truncated(keeper: Keeper, signed: TreeHead, size: u64, problems: &mut Problems) {
    problems.at("truncated", size, || {
        format!(
            "the {} vouches for {} events, but the log holds {size}: the positions {size} to {} were removed",
            keeper.checkpoint(),
            signed.size,
            signed.size.saturating_sub(1)
        )
    });
}
