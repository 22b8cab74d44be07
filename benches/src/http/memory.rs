//! The memory of another process, on Linux.

use std::fs;

/// Bytes of physical memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory {
    /// At the moment.
    pub(super) now: u64,
    /// At the most since the process began, or since the peak was forgotten.
    pub(super) peak: u64,
}

impl Memory {
    /// Of a process (proc(5), `/proc/PID/status`); `None` where the system does not tell.
    pub(super) fn of(process: u32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let bytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().strip_suffix("kB")?.trim_end().parse::<u64>().ok()? * 1_024)
        };
        Some(Self { now: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }

    /// Has a process's peak begin anew (proc(5), `/proc/PID/clear_refs`).
    pub(super) fn forget_peak(process: u32) {
        // Where that is not possible, the peak is that of all that the process did, and no less.
        let _ = fs::write(format!("/proc/{process}/clear_refs"), "5");
    }
}

/// As it is told.
pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_seen_and_stays_the_peak() {
        let before = Memory::of(std::process::id()).unwrap();
        let used = std::hint::black_box(vec![1_u8; 64 << 20]);
        let with = Memory::of(std::process::id()).unwrap();
        drop(used);
        let after = Memory::of(std::process::id()).unwrap();
        assert!(with.now > before.now + (32 << 20), "{before:?} {with:?}");
        // The system counts pages in batches, so that the peak may lie a little below what was seen.
        assert!(after.now < with.now && after.peak > before.now + (32 << 20), "{with:?} {after:?}");
    }
}
