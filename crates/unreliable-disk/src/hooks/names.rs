//! Opening, making, renaming and removing names.

use std::path::Path;

use libc::{c_char, c_int, c_long, c_uint, mode_t};

use crate::disk::{Disk, disk};
use crate::fault::Call;
use crate::names::Named;
use crate::raw;

/// The disk, held, and the path that a call names, if it is on the disk.
///
/// # Safety
/// `$path` is null or a C string.
macro_rules! watched {
    ($folder:expr, $path:expr, $call:expr) => {{
        let Some(disk) = disk() else { return $call() as c_int };
        // SAFETY: the caller's path, as the C library's function demands.
        let path = unsafe { raw::absolute($folder, $path) };
        let Some(path) = path.filter(|path| disk.watches(path)) else {
            drop(disk);
            return $call() as c_int;
        };
        (disk, path)
    }};
}

/// # Safety
/// As open(2). The mode is read even where the caller gave none, and means nothing then: both ways of passing it
/// are the same on x86-64 and AArch64.
#[unsafe(no_mangle)]
unsafe extern "C" fn openat(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    let call = || unsafe { libc::syscall(libc::SYS_openat, folder, path, flags, c_uint::from(mode)) };
    let (mut disk, path) = watched!(folder, path, call);
    let is_new = flags & libc::O_CREAT != 0 && disk.names.get(&path).is_none();
    let is_emptied = !is_new && flags & libc::O_TRUNC != 0;
    if is_new || is_emptied {
        disk.operation();
    }
    if is_new && let Some(errno) = disk.fault_at(Call::Name, &path, 0) {
        return raw::fail(errno) as c_int;
    }
    if is_emptied {
        disk.about_to_lose(&path);
    }
    let fd = call() as c_int;
    if fd >= 0 && is_new {
        disk.made(fd, &path);
    } else if fd >= 0
        && is_emptied
        && let Some(contents) = disk.contents(fd)
    {
        contents.set_length(0);
    }
    fd
}

/// # Safety
/// As [`openat`].
#[unsafe(no_mangle)]
unsafe extern "C" fn openat64(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { openat(folder, path, flags, mode) }
}

/// # Safety
/// As [`openat`].
#[unsafe(no_mangle)]
unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { openat(libc::AT_FDCWD, path, flags, mode) }
}

/// # Safety
/// As [`openat`].
#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { openat(libc::AT_FDCWD, path, flags, mode) }
}

/// Carries out a change of names by `call`, and notes it by `note` when it was done.
fn change(
    mut disk: impl std::ops::DerefMut<Target = Disk>,
    call: impl FnOnce() -> c_long,
    note: impl FnOnce(&mut Disk),
) -> c_int {
    let result = call();
    if result == 0 {
        note(&mut disk);
    }
    result as c_int
}

/// # Safety
/// As mkdirat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn mkdirat(folder: c_int, path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    let call = || unsafe { libc::syscall(libc::SYS_mkdirat, folder, path, c_uint::from(mode)) };
    let (mut disk, path) = watched!(folder, path, call);
    disk.operation();
    if let Some(errno) = disk.fault_at(Call::Name, &path, 0) {
        return raw::fail(errno) as c_int;
    }
    change(disk, call, |disk| disk.names.add(path, Named::Folder))
}

/// # Safety
/// As mkdir(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { mkdirat(libc::AT_FDCWD, path, mode) }
}

/// # Safety
/// As unlinkat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    let call = || unsafe { libc::syscall(libc::SYS_unlinkat, folder, path, flags) };
    let (mut disk, path) = watched!(folder, path, call);
    if disk.names.get(&path).is_none() {
        return call() as c_int;
    }
    disk.operation();
    disk.about_to_lose(&path);
    change(disk, call, |disk| {
        disk.names.remove(&path);
        disk.lost(&path);
    })
}

/// # Safety
/// As unlink(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { unlinkat(libc::AT_FDCWD, path, 0) }
}

/// # Safety
/// As rmdir(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { unlinkat(libc::AT_FDCWD, path, libc::AT_REMOVEDIR) }
}

/// # Safety
/// As renameat2(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn renameat2(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
    flags: c_uint,
) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    let call = || unsafe { libc::syscall(libc::SYS_renameat2, from_folder, from, to_folder, to, flags) };
    let (mut disk, to) = watched!(to_folder, to, call);
    // SAFETY: the caller's path, as the C library's function demands.
    let from = unsafe { raw::absolute(from_folder, from) }.unwrap_or_default();
    if !matches!(disk.names.get(&from), Some(Named::File(_))) || flags & !libc::RENAME_NOREPLACE != 0 {
        raw::give_up("a rename of a folder, from elsewhere or by exchange is not modelled");
    }
    disk.operation();
    disk.about_to_lose(&from);
    disk.about_to_lose(&to);
    change(disk, call, |disk| disk.renamed(&from, &to))
}

/// # Safety
/// As renameat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn renameat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { renameat2(from_folder, from, to_folder, to, 0) }
}

/// # Safety
/// As rename(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { renameat2(libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) }
}

/// # Safety
/// As linkat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn linkat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    let call = || unsafe { libc::syscall(libc::SYS_linkat, from_folder, from, to_folder, to, flags) };
    let (mut disk, to) = watched!(to_folder, to, call);
    // SAFETY: the caller's path, as the C library's function demands.
    let from = unsafe { raw::absolute(from_folder, from) }.unwrap_or_default();
    let Some(named @ Named::File(_)) = disk.names.get(Path::new(&from)) else {
        raw::give_up("a hard link from elsewhere is not modelled")
    };
    disk.operation();
    disk.about_to_lose(&from);
    change(disk, call, |disk| disk.names.add(to, named))
}

/// # Safety
/// As link(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn link(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: the caller's arguments, unchanged.
    unsafe { linkat(libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) }
}
