//! The operating system's limits on the worker process, set by itself before it sees a record.

use std::io;

#[cfg(unix)]
pub(crate) use unix::{allow_more_cpu_time, limit_process};

#[cfg(not(unix))]
pub(crate) use elsewhere::{allow_more_cpu_time, limit_process};

#[cfg(unix)]
mod unix {
    use super::io;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    /// No core dumps, and where the system enforces it, a bounded address space.
    pub(crate) fn limit_process(address_space_bytes: u64) -> io::Result<()> {
        lower(Resource::Core, 0)?;
        #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
        lower(Resource::As, address_space_bytes)?;
        #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
        let _ = address_space_bytes;
        Ok(())
    }

    /// Allows this much processor time from now on; after it the system ends the process.
    ///
    /// This is for a worker whose parent is gone: nobody would end its endless program. The soft limit moves along
    /// with the work; the hard limit stays as it was inherited.
    pub(crate) fn allow_more_cpu_time(seconds: u64) -> io::Result<()> {
        let used_seconds = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
        let maximum = getrlimit(Resource::Cpu).maximum;
        let current = within(used_seconds.saturating_add(seconds), maximum);
        Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum })?)
    }

    fn lower(resource: Resource, limit: u64) -> io::Result<()> {
        let limit = Some(within(limit, getrlimit(resource).maximum));
        Ok(setrlimit(resource, Rlimit { current: limit, maximum: limit })?)
    }

    fn within(limit: u64, maximum: Option<u64>) -> u64 {
        maximum.map_or(limit, |maximum| maximum.min(limit))
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::io;

    /// Here the parent's deadline is the only limit.
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(crate) fn limit_process(_address_space_bytes: u64) -> io::Result<()> {
        Ok(())
    }

    /// Here the parent's deadline is the only limit.
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(crate) fn allow_more_cpu_time(_seconds: u64) -> io::Result<()> {
        Ok(())
    }
}
