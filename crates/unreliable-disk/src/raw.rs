//! System calls, made without the C library's functions whose place this library takes.

use std::ffi::CStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use libc::{c_char, c_int, c_long};

/// What the operating system knows of an open file.
#[derive(Clone, Copy)]
pub(crate) struct Status {
    pub(crate) inode: (u64, u64),
    pub(crate) is_folder: bool,
    pub(crate) is_file: bool,
    pub(crate) length: u64,
    pub(crate) mode: u32,
}

/// The status of an open file; `None` if it is none.
pub(crate) fn status(fd: c_int) -> Option<Status> {
    // SAFETY: an all-zero `stat` is valid, and the call writes no more than one.
    let (result, stat) = unsafe {
        let mut stat: libc::stat = std::mem::zeroed();
        let result =
            libc::syscall(libc::SYS_newfstatat, fd, c"".as_ptr(), &raw mut stat, libc::AT_EMPTY_PATH);
        (result, stat)
    };
    let kind = stat.st_mode & libc::S_IFMT;
    (result == 0).then_some(Status {
        inode: (stat.st_dev, stat.st_ino),
        is_folder: kind == libc::S_IFDIR,
        is_file: kind == libc::S_IFREG,
        length: u64::try_from(stat.st_size).unwrap_or(0),
        mode: stat.st_mode & 0o7777,
    })
}

/// Where the next write of an open file goes.
pub(crate) fn place(fd: c_int) -> u64 {
    // SAFETY: the call takes numbers only.
    let (place, flags) = unsafe {
        (
            libc::syscall(libc::SYS_lseek, fd, 0, libc::SEEK_CUR),
            libc::syscall(libc::SYS_fcntl, fd, libc::F_GETFL),
        )
    };
    if flags & c_long::from(libc::O_APPEND) != 0 {
        return status(fd).map_or(0, |status| status.length);
    }
    u64::try_from(place).unwrap_or(0)
}

/// Whether each write of an open file is synced by itself.
pub(crate) fn is_synced_by_writes(fd: c_int) -> bool {
    // SAFETY: the call takes numbers only.
    let flags = unsafe { libc::syscall(libc::SYS_fcntl, fd, libc::F_GETFL) };
    flags & c_long::from(libc::O_DSYNC) != 0
}

/// The path of an open folder.
pub(crate) fn path_of(fd: c_int) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()
}

/// The path that a call names, absolute and without `.` and `..`; `None` where it cannot be known.
///
/// # Safety
/// `path` is null or a C string.
pub(crate) unsafe fn absolute(folder: c_int, path: *const c_char) -> Option<PathBuf> {
    if path.is_null() {
        return None;
    }
    // SAFETY: it is a C string, as the caller says.
    let path = Path::new(std::ffi::OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()));
    let from = match path.is_absolute() {
        true => PathBuf::new(),
        false if folder == libc::AT_FDCWD => std::env::current_dir().ok()?,
        false => path_of(folder)?,
    };
    let mut absolute = PathBuf::new();
    for component in from.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    Some(absolute)
}

/// Has the call fail as the operating system would.
pub(crate) fn fail(errno: c_int) -> c_long {
    // SAFETY: the C library gives each thread a place for its error number.
    unsafe { *libc::__errno_location() = errno };
    -1
}

/// Ends the process, since the model would be wrong from here on.
pub(crate) fn give_up(reason: &str) -> ! {
    let message = format!("the unreliable disk gives up: {reason}\n");
    // SAFETY: the bytes are those of the message, as many as it has.
    unsafe {
        libc::syscall(libc::SYS_write, libc::STDERR_FILENO, message.as_ptr(), message.len());
    }
    exit(1)
}

/// Ends the process at once.
pub(crate) fn exit(status: c_int) -> ! {
    // SAFETY: the call takes a number and does not return.
    unsafe {
        libc::syscall(libc::SYS_exit_group, status);
    }
    loop {
        std::thread::park();
    }
}
