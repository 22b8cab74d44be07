//! How much a worker may use.

use std::time::Duration;

/// What a worker process and each record in it may use.
///
/// The defaults suit mappings of records up to a mebibyte:
///
/// ```
/// let limits = annals_jq::Limits::default();
/// assert_eq!(limits.record_deadline.as_secs(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Address space of the worker process, its stack and the binary included. Enforced on Linux, Android and
    /// FreeBSD; elsewhere only the deadline holds a program that eats memory.
    pub address_space_bytes: u64,
    /// Stack of the thread on which programs run. Recursion deeper than this ends the worker.
    pub stack_bytes: usize,
    /// Wall-clock time for one record. On Unix the worker also gets this much processor time, and ends itself when
    /// nobody is left to kill it.
    pub record_deadline: Duration,
    /// Bytes of JSON text that one record may give, over all its outputs.
    pub output_bytes_max: u64,
    /// Wall-clock time from starting a worker until it has compiled its program.
    pub start_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            address_space_bytes: 1 << 30,
            stack_bytes: 64 << 20,
            record_deadline: Duration::from_secs(2),
            output_bytes_max: 16 << 20,
            start_deadline: Duration::from_secs(10),
        }
    }
}
