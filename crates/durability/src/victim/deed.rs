//! What else a process does to a log and may be interrupted in.

use std::ffi::OsString;

use annals::{Alterations, CopyOptions, Existing, LogName};

use crate::{Failure, Place};

/// Something that is done to a whole log by a process of its own, from beginning to end, as the command line does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The log is backed up; a backup that is there is replaced.
    BackUp,
    /// The log is replaced by its backup.
    Restore,
    /// The log is handed over to a new key.
    Rotate,
}

/// With this argument behind the deed, a victim aborts once it is done: with a disk below it, the power is cut.
pub(crate) const CUT_AFTERWARDS: &str = "cut-afterwards";

/// What is there is replaced, and nothing that does not verify is kept.
const COPYING: CopyOptions =
    CopyOptions { existing: Existing::IsReplaced, alterations: Alterations::AreRefused };

impl Deed {
    const ALL: [Self; 3] = [Self::BackUp, Self::Restore, Self::Rotate];

    fn name(self) -> &'static str {
        match self {
            Self::BackUp => "back-up",
            Self::Restore => "restore",
            Self::Rotate => "rotate",
        }
    }

    /// The deed that a victim's argument names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.name() == name)
    }

    /// The arguments of a victim that does it.
    pub(crate) fn to_arguments(self, place: &Place) -> [OsString; 2] {
        [place.base().into(), self.name().into()]
    }

    /// Does it, and aborts if it is told to by the arguments behind the deed.
    pub(crate) async fn carry_out_with(self, place: &Place, then: &[String]) -> Result<(), Failure> {
        self.carry_out(place).await?;
        if then.iter().any(|word| word == CUT_AFTERWARDS) {
            std::process::abort();
        }
        Ok(())
    }

    async fn carry_out(self, place: &Place) -> Result<(), Failure> {
        let (location, log, options) = (place.location(), LogName::main(), place.writing_options());
        match self {
            Self::BackUp => annals::backup(&location, &log, &place.backup(), COPYING).await.map(drop)?,
            Self::Restore => {
                annals::restore(&place.backup(), &location, &log, &options, COPYING).await.map(drop)?;
            }
            Self::Rotate => annals::rotate_key(&location, &log, options).await.map(drop)?,
        }
        Ok(())
    }
}
