//! Why a worker ended, and whether the record on its desk is to blame.

use std::fmt::{self, Display, Formatter};

use crate::error::ProgramError;
use crate::limits::Limits;
use crate::process::Ended;

/// What a worker's end says about the record that it was working on alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The record would end any worker in this way.
    Guilty(ProgramError),
    /// It may have been a stranger's signal: the record deserves another try.
    Unclear,
}

/// Judges by what Rust's runtime prints when it aborts, and by the signal.
pub(crate) fn judge(ended: &Ended, limits: &Limits) -> Verdict {
    let said = |words: &str| ended.last_words.contains(words);
    if said("has overflowed its stack") {
        Verdict::Guilty(ProgramError::RecursionTooDeep { stack_bytes: limits.stack_bytes })
    } else if said("memory allocation of") || said("capacity overflow") {
        Verdict::Guilty(ProgramError::OutOfMemory { address_space_bytes: limits.address_space_bytes })
    } else if ended.has_used_up_its_cpu_time() {
        Verdict::Guilty(ProgramError::OutOfTime { deadline: limits.record_deadline })
    } else if said("panicked at") {
        Verdict::Guilty(ProgramError::WorkerDied { how: ended.to_string() })
    } else {
        Verdict::Unclear
    }
}

impl Ended {
    #[cfg(unix)]
    fn has_used_up_its_cpu_time(&self) -> bool {
        let signal = self.status.as_ref().and_then(std::os::unix::process::ExitStatusExt::signal);
        signal == Some(rustix::process::Signal::XCPU.as_raw())
    }

    #[cfg(not(unix))]
    fn has_used_up_its_cpu_time(&self) -> bool {
        false
    }
}

impl Display for Ended {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.status {
            Some(status) => write!(f, "{status}")?,
            None => write!(f, "its status is unknown")?,
        }
        if self.last_words.is_empty() { Ok(()) } else { write!(f, ", saying: {}", self.last_words) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(last_words: &str) -> Verdict {
        judge(&Ended { status: None, last_words: last_words.to_owned() }, &Limits::default())
    }

    #[test]
    fn a_panic_on_the_record_is_the_records_fault_and_silence_is_nobodys() {
        let Verdict::Guilty(ProgramError::WorkerDied { how }) =
            judged("thread 'jq' panicked at x.rs:1:2: no")
        else {
            panic!("guilty")
        };
        assert!(how.contains("panicked at x.rs:1:2: no"));
        assert_eq!(judged(""), Verdict::Unclear);
    }
}
