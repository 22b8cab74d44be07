//! Calls that fail. `ANNALS_DISK_FAULT` is one of:
//!
//! - `<call>:<error>:<suffix>:<first>:<count>`: of the calls `write`, `sync`, `read` or `length` on files whose
//!   names end in the suffix, `count` fail, from the `first` on, counted from 1. The error is `io` (EIO) or
//!   `full` (ENOSPC).
//! - `full:<bytes>:<file>:<suffix>`: for files whose names end in the suffix, which may be empty, the disk has room for
//!   so many bytes more, until the file exists.

use std::path::PathBuf;

use libc::c_int;

/// What is done with an open file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Write,
    Sync,
    Read,
    Length,
    /// A new name is made.
    Name,
}

/// What fails.
pub(crate) enum Fault {
    Nothing,
    Calls { call: Call, errno: c_int, suffix: String, until_first: u64, count: u64 },
    Full { room: u64, freed: PathBuf, suffix: String },
}

impl Fault {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(':').collect();
        match *words.as_slice() {
            ["full", room, freed, suffix] => {
                Some(Self::Full { room: room.parse().ok()?, freed: freed.into(), suffix: suffix.into() })
            }
            [call, error, suffix, first, count] => {
                let call = match call {
                    "write" => Call::Write,
                    "sync" => Call::Sync,
                    "read" => Call::Read,
                    "length" => Call::Length,
                    _ => return None,
                };
                let errno = match error {
                    "io" => libc::EIO,
                    "full" => libc::ENOSPC,
                    _ => return None,
                };
                let until_first = first.parse::<u64>().ok()?.checked_sub(1)?;
                Some(Self::Calls {
                    call,
                    errno,
                    suffix: suffix.into(),
                    until_first,
                    count: count.parse().ok()?,
                })
            }
            _ => None,
        }
    }

    /// The error of a call on the file of this name that makes it `growth` bytes longer, if it is to fail.
    pub(crate) fn error_of(&mut self, of: Call, name: &str, growth: u64) -> Option<c_int> {
        match self {
            Self::Calls { call, errno, suffix, until_first, count }
                if *call == of && name.ends_with(suffix.as_str()) =>
            {
                if *until_first > 0 {
                    *until_first -= 1;
                    return None;
                }
                *count = count.checked_sub(1)?;
                Some(*errno)
            }
            Self::Full { room, freed, suffix }
                if (growth > 0 || of == Call::Name) && name.ends_with(suffix.as_str()) =>
            {
                if growth <= *room {
                    *room -= growth;
                    return None;
                }
                (!freed.exists()).then_some(libc::ENOSPC)
            }
            _ => None,
        }
    }
}
