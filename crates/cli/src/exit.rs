use std::process::ExitCode;

/// How a command ended, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It did what it was asked.
    Done = 0,
    /// Its answer could not be written.
    OutputFailed = 1,
    /// It was asked in a way that it does not understand.
    Usage = 2,
    /// Some of the input was not stored; the rest was.
    NotAllStored = 3,
    /// The log is not in the state that was expected.
    Conflict = 4,
    /// What was asked for does not exist.
    NotFound = 5,
    /// Something is not what it was when it was signed.
    VerificationFailed = 6,
    /// The store cannot be used: not available, damaged, or not one of Annals.
    StoreUnusable = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
