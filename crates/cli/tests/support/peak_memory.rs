//! How much memory a command had at the most.

use std::process::{Child, ExitStatus};
use std::time::Duration;

/// What a command did, and its greatest resident set in bytes.
pub(crate) struct Measured {
    pub(crate) status: ExitStatus,
    pub(crate) peak_bytes: u64,
}

/// Waits for a command.
///
/// The kernel keeps the greatest size itself (`VmHWM` in proc_pid_status(5)), so that looking now and then
/// misses no peak but one of the very last moment.
pub(crate) fn measure(mut child: Child) -> Measured {
    let file = format!("/proc/{}/status", child.id());
    let mut peak_bytes = 0;
    loop {
        peak_bytes = peak_bytes.max(high_water_mark(&file).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            return Measured { status, peak_bytes };
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn high_water_mark(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}
