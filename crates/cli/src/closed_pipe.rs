//! Whether anybody still reads what is written.

/// Whether standard output is a pipe whose reader is gone. A command that writes notices by itself; one that
/// waits has to ask.
#[cfg(unix)]
pub(crate) fn reader_is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdout = std::io::stdout();
    let mut waiting = [PollFd::new(&stdout, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    match poll(&mut waiting, Some(&at_once)) {
        Ok(_) => waiting.iter().any(|fd| fd.revents().intersects(PollFlags::ERR)),
        // Nothing is known then; the next event that is written tells.
        Err(_) => false,
    }
}

/// Elsewhere only a write tells.
#[cfg(not(unix))]
pub(crate) fn reader_is_gone() -> bool {
    false
}
