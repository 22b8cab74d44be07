//! Whose signatures count.

use annals_tlog::{Origin, SignedCheckpoint, TreeHead};

use crate::KeyHistory;
use crate::verify::problems::Problems;

/// Whose checkpoint it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeper {
    Store,
    Auditor,
    /// Both keys of a rotation signed the tree in front of its event.
    Rotation,
}

/// Who may sign for which log.
pub(super) struct Trust {
    pub(super) origin: Origin,
    pub(super) keys: KeyHistory,
}

/// A checkpoint and whether its signature and its origin are right.
pub(super) struct CheckedSignature {
    pub(super) tree: TreeHead,
    verdict: Result<(), String>,
}

impl Trust {
    /// Checks a checkpoint's signature and origin.
    pub(super) fn check(&self, checkpoint: &SignedCheckpoint) -> CheckedSignature {
        let claim = checkpoint.unverified();
        let periods = self.keys.periods();
        let verdict = match checkpoint.verify(self.keys.keys_at(claim.size)) {
            _ if periods.is_empty() => Err("no key of the log is known; name its vkey".to_owned()),
            Err(error) => Err(match periods.iter().find(|period| checkpoint.verify([&period.key]).is_ok()) {
                Some(period) => format!("{} signed it, which does not speak for this size", period.key),
                None => error.to_string(),
            }),
            Ok(_) if claim.origin != self.origin => Err(format!("it is of the log {}", claim.origin)),
            Ok(_) => Ok(()),
        };
        CheckedSignature { tree: claim.tree(), verdict }
    }

    /// The tree of a checkpoint that proves something; otherwise it is reported.
    pub(super) fn accept(
        &self,
        keeper: Keeper,
        checked: CheckedSignature,
        problems: &mut Problems,
    ) -> Option<TreeHead> {
        let CheckedSignature { tree, verdict } = checked;
        match verdict {
            Ok(()) => Some(tree),
            Err(reason) => {
                problems.of_log("checkpoint-altered", || {
                    format!("the {} of {} events proves nothing: {reason}", keeper.checkpoint(), tree.size)
                });
                None
            }
        }
    }
}

impl Keeper {
    /// What to call the checkpoint.
    pub(super) fn checkpoint(self) -> &'static str {
        match self {
            Self::Store => "kept checkpoint",
            Self::Auditor => "given checkpoint",
            Self::Rotation => "rotation of the key in front of which the log is one",
        }
    }
}
