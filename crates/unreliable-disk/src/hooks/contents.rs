//! Reading, writing and syncing open files.

use std::sync::MutexGuard;

use libc::{c_int, c_long, c_void, iovec, off_t, size_t, ssize_t};

use crate::contents::Survival;
use crate::disk::{Disk, check, disk};
use crate::fault::Call;
use crate::{own_work, raw};

/// The disk, held, if the open file is on it.
fn held(fd: c_int) -> Option<MutexGuard<'static, Disk>> {
    disk().filter(|disk| disk.path(fd).is_some())
}

/// Carries out a write of `length` bytes at `offset` by `call`, and notes what `written` says of its first bytes.
fn write_at(
    fd: c_int,
    offset: impl FnOnce() -> u64,
    length: usize,
    call: impl FnOnce() -> c_long,
    written: impl FnOnce(usize) -> Vec<u8>,
) -> c_long {
    let Some(mut disk) = held(fd) else { return call() };
    let offset = offset();
    disk.operation();
    let before = raw::status(fd).map_or(0, |status| status.length);
    let growth = (offset + length as u64).saturating_sub(before);
    if let Some(errno) = disk.fault(Call::Write, fd, growth) {
        return raw::fail(errno);
    }
    let Some(contents) = disk.contents(fd) else { return call() };
    let count = call();
    if let Ok(count @ 1..) = usize::try_from(count) {
        contents.write(offset, written(count));
        if raw::is_synced_by_writes(fd) {
            check(own_work(|| contents.sync()));
        }
    }
    count
}

/// # Safety
/// As write(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn write(fd: c_int, bytes: *const c_void, length: size_t) -> ssize_t {
    // SAFETY: the caller's bytes, as many as it says.
    let call = || unsafe { libc::syscall(libc::SYS_write, fd, bytes, length) };
    // SAFETY: the call has taken so many of them.
    let written = |count| unsafe { std::slice::from_raw_parts(bytes.cast(), count) }.to_vec();
    write_at(fd, || raw::place(fd), length, call, written) as ssize_t
}

/// # Safety
/// As pwrite(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite(fd: c_int, bytes: *const c_void, length: size_t, offset: off_t) -> ssize_t {
    // SAFETY: the caller's bytes, as many as it says.
    let call = || unsafe { libc::syscall(libc::SYS_pwrite64, fd, bytes, length, offset) };
    // SAFETY: the call has taken so many of them.
    let written = |count| unsafe { std::slice::from_raw_parts(bytes.cast(), count) }.to_vec();
    write_at(fd, || offset.unsigned_abs(), length, call, written) as ssize_t
}

/// # Safety
/// As pwrite(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(fd: c_int, bytes: *const c_void, length: size_t, offset: off_t) -> ssize_t {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { pwrite(fd, bytes, length, offset) }
}

/// # Safety
/// As writev(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn writev(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: the caller's parts, as many as it says.
    let call = || unsafe { libc::syscall(libc::SYS_writev, fd, parts, count) };
    // SAFETY: the caller's parts, as many as it says.
    let slices = || unsafe { std::slice::from_raw_parts(parts, usize::try_from(count).unwrap_or(0)) };
    let length = if held(fd).is_some() { slices().iter().map(|part| part.iov_len).sum() } else { 0 };
    let written = |count: usize| {
        let bytes = slices().iter().flat_map(|part| {
            // SAFETY: each part names bytes of the caller, which outlive the call.
            unsafe { std::slice::from_raw_parts(part.iov_base.cast::<u8>(), part.iov_len) }
        });
        bytes.copied().take(count).collect()
    };
    write_at(fd, || raw::place(fd), length, call, written) as ssize_t
}

/// Carries out a read by `call`, unless it is to fail.
fn read_by(fd: c_int, call: impl FnOnce() -> c_long) -> ssize_t {
    let errno = held(fd).and_then(|mut disk| disk.fault(Call::Read, fd, 0));
    errno.map_or_else(call, raw::fail) as ssize_t
}

/// # Safety
/// As read(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn read(fd: c_int, bytes: *mut c_void, length: size_t) -> ssize_t {
    // SAFETY: the caller's arguments, unchanged.
    read_by(fd, || unsafe { libc::syscall(libc::SYS_read, fd, bytes, length) })
}

/// # Safety
/// As pread(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn pread(fd: c_int, bytes: *mut c_void, length: size_t, offset: off_t) -> ssize_t {
    // SAFETY: the caller's arguments, unchanged.
    read_by(fd, || unsafe { libc::syscall(libc::SYS_pread64, fd, bytes, length, offset) })
}

/// # Safety
/// As pread(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn pread64(fd: c_int, bytes: *mut c_void, length: size_t, offset: off_t) -> ssize_t {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { pread(fd, bytes, length, offset) }
}

/// # Safety
/// As ftruncate(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate(fd: c_int, length: off_t) -> c_int {
    // SAFETY: the call takes numbers only.
    let call = || unsafe { libc::syscall(libc::SYS_ftruncate, fd, length) };
    set_length(fd, length.unsigned_abs(), call)
}

/// # Safety
/// As ftruncate(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(fd: c_int, length: off_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { ftruncate(fd, length) }
}

fn set_length(fd: c_int, length: u64, call: impl FnOnce() -> c_long) -> c_int {
    let Some(mut disk) = held(fd) else { return call() as c_int };
    disk.operation();
    let before = raw::status(fd).map_or(0, |status| status.length);
    if let Some(errno) = disk.fault(Call::Length, fd, length.saturating_sub(before)) {
        return raw::fail(errno) as c_int;
    }
    let Some(contents) = disk.contents(fd) else { return call() as c_int };
    let result = call();
    if result == 0 {
        contents.set_length(length);
    }
    result as c_int
}

/// # Safety
/// As fsync(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(fd: c_int) -> c_int {
    // SAFETY: the call takes a number only.
    sync(fd, || unsafe { libc::syscall(libc::SYS_fsync, fd) })
}

/// # Safety
/// As fdatasync(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(fd: c_int) -> c_int {
    // SAFETY: the call takes a number only.
    sync(fd, || unsafe { libc::syscall(libc::SYS_fdatasync, fd) })
}

/// The disk is a model, so the real one needs no sync, which would take time.
fn sync(fd: c_int, call: impl FnOnce() -> c_long) -> c_int {
    let Some(mut disk) = disk() else { return call() as c_int };
    if raw::status(fd).is_some_and(|status| status.is_folder) {
        let Some(path) = raw::path_of(fd).filter(|path| disk.watches(path)) else { return call() as c_int };
        disk.operation();
        if let Some(errno) = disk.fault_at(Call::Sync, &path, 0) {
            return raw::fail(errno) as c_int;
        }
        disk.names.sync(&path);
        return 0;
    }
    if disk.path(fd).is_none() {
        drop(disk);
        return call() as c_int;
    }
    disk.operation();
    if let Some(errno) = disk.fault(Call::Sync, fd, 0) {
        disk.settle(fd, Survival::drawn);
        return raw::fail(errno) as c_int;
    }
    disk.settle(fd, |_| Survival::All);
    0
}
