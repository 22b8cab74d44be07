//! A disk that loses what was not synced, fails, and fills up: preloaded (`LD_PRELOAD`) into a process under test.
//!
//! A killed process leaves the operating system's page cache alive, and so cannot show that a sync is missing.
//! This library stands between the process and its files. Below one folder it keeps, beside the files that the
//! process sees, what a disk would hold: contents change there when a file is synced, names when their folder
//! is. At the *cut* it lets chance decide which of the rest reached the disk, sector by sector, puts the result
//! into a folder, and ends the process. It is strict: syncing a file makes no name durable.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `ANNALS_DISK_ROOT` | the folder that is watched, without symbolic links; without it nothing happens |
//! | `ANNALS_DISK_SHADOW` | an empty folder for what the disk holds; after a cut, `after` in it replaces the root |
//! | `ANNALS_DISK_SEED` | what chance begins with |
//! | `ANNALS_DISK_CUT` | the cut comes before this operation on the disk, counted from 1 |
//! | `ANNALS_DISK_CUT_MICROS` | the cut comes so long after the start |
//! | `ANNALS_DISK_FAULT` | see [`fault`] |
//!
//! The cut comes as well when the process aborts. Not modelled: memory maps that are written (SQLite's `-shm` alone is let through: nothing reads it after a
//! cut), `io_uring`, hard links to folders. Calls that would go unnoticed end the process with a message.
//! Linux only; elsewhere this library is empty.

#![cfg(target_os = "linux")]

mod contents;
mod cut;
mod disk;
mod fault;
mod hooks;
mod names;
mod raw;

use std::cell::Cell;

/// How a process ends when the power is cut.
pub const CUT_STATUS: i32 = 86;

thread_local! {
    /// Whether this thread does the library's own work, which is none of the process's.
    static OWN_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Does the library's own work: the calls that it makes reach the operating system directly.
fn own_work<T>(work: impl FnOnce() -> T) -> T {
    let before = OWN_WORK.replace(true);
    let done = work();
    OWN_WORK.set(before);
    done
}

fn is_own_work() -> bool {
    OWN_WORK.get()
}

/// Runs before `main`, while there is one thread only.
// SAFETY: the section holds pointers to functions that the loader calls; this is one.
#[unsafe(link_section = ".init_array")]
#[used]
static AT_START: extern "C" fn() = at_start;

extern "C" fn at_start() {
    own_work(disk::start);
}
