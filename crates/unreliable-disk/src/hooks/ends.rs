//! Where the model ends: calls that it does not know, and the end of the process.

use libc::{c_int, c_uint, c_void, iovec, off_t, size_t, ssize_t};

use crate::disk::disk;
use crate::raw;

/// Ends the process if the open file is on the disk: what is done to it would go unnoticed.
fn refuse(fd: c_int, call: &str) {
    if disk().is_some_and(|disk| disk.path(fd).is_some()) {
        raw::give_up(&format!("{call} on a file below the root is not modelled"));
    }
}

/// # Safety
/// As mmap(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap(
    place: *mut c_void,
    length: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: off_t,
) -> *mut c_void {
    if fd >= 0 && protection & libc::PROT_WRITE != 0 && flags & libc::MAP_SHARED != 0 {
        refuse(fd, "a writable memory map");
    }
    // SAFETY: the caller's arguments, unchanged.
    let mapped = unsafe { libc::syscall(libc::SYS_mmap, place, length, protection, flags, fd, offset) };
    mapped as *mut c_void
}

/// # Safety
/// As mmap(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap64(
    place: *mut c_void,
    length: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: off_t,
) -> *mut c_void {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { mmap(place, length, protection, flags, fd, offset) }
}

/// # Safety
/// As pwritev(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn pwritev(fd: c_int, parts: *const iovec, count: c_int, offset: off_t) -> ssize_t {
    refuse(fd, "pwritev");
    // SAFETY: the caller's arguments; the system call takes the offset in two halves, the lower one first.
    unsafe { libc::syscall(libc::SYS_pwritev, fd, parts, count, offset, 0) as ssize_t }
}

/// # Safety
/// As pwritev(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn pwritev64(fd: c_int, parts: *const iovec, count: c_int, offset: off_t) -> ssize_t {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { pwritev(fd, parts, count, offset) }
}

/// # Safety
/// As fallocate(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn fallocate(fd: c_int, mode: c_int, offset: off_t, length: off_t) -> c_int {
    refuse(fd, "fallocate");
    // SAFETY: the call takes numbers only.
    unsafe { libc::syscall(libc::SYS_fallocate, fd, mode, offset, length) as c_int }
}

/// # Safety
/// As fallocate(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn fallocate64(fd: c_int, mode: c_int, offset: off_t, length: off_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { fallocate(fd, mode, offset, length) }
}

/// # Safety
/// As posix_fallocate(3), which returns the error.
#[unsafe(no_mangle)]
unsafe extern "C" fn posix_fallocate(fd: c_int, offset: off_t, length: off_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    match unsafe { fallocate(fd, 0, offset, length) } {
        0 => 0,
        // SAFETY: the C library gives each thread a place for its error number.
        _ => unsafe { *libc::__errno_location() },
    }
}

/// # Safety
/// As `posix_fallocate`.
#[unsafe(no_mangle)]
unsafe extern "C" fn posix_fallocate64(fd: c_int, offset: off_t, length: off_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { posix_fallocate(fd, offset, length) }
}

/// # Safety
/// As copy_file_range(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn copy_file_range(
    from: c_int,
    from_offset: *mut off_t,
    to: c_int,
    to_offset: *mut off_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    refuse(to, "copy_file_range");
    // SAFETY: the caller's arguments, unchanged.
    unsafe {
        libc::syscall(libc::SYS_copy_file_range, from, from_offset, to, to_offset, length, flags) as ssize_t
    }
}

/// # Safety
/// As sendfile(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile(to: c_int, from: c_int, offset: *mut off_t, length: size_t) -> ssize_t {
    refuse(to, "sendfile");
    // SAFETY: the caller's arguments, unchanged.
    unsafe { libc::syscall(libc::SYS_sendfile, to, from, offset, length) as ssize_t }
}

/// # Safety
/// As sendfile(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile64(to: c_int, from: c_int, offset: *mut off_t, length: size_t) -> ssize_t {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { sendfile(to, from, offset, length) }
}

/// The process ends at a failpoint: with a disk, the power is cut there.
#[unsafe(no_mangle)]
extern "C" fn abort() -> ! {
    if let Some(mut disk) = disk() {
        disk.cut();
    }
    // SAFETY: the calls take numbers only; the process ends by the signal as it would without this library.
    unsafe {
        libc::signal(libc::SIGABRT, libc::SIG_DFL);
        libc::syscall(libc::SYS_kill, libc::getpid(), libc::SIGABRT);
    }
    raw::exit(134)
}
