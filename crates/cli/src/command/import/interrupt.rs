//! Ending an import in order when somebody presses Ctrl-C.

use std::future::Future;
use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::failure::Failure;

/// So long what was read already is stored; a source that gives nothing for longer is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Whether somebody pressed Ctrl-C.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

/// A source that fails once somebody pressed Ctrl-C. An end would make half a record of the last one.
pub(super) struct Interruptible<R> {
    source: R,
    interrupt: Interrupt,
}

impl Interrupt {
    /// A source that ends with this.
    pub(super) fn guard<R: Read>(&self, source: R) -> Interruptible<R> {
        Interruptible { source, interrupt: self.clone() }
    }

    /// Works until the end or until Ctrl-C; then no further record is read, and those that were are stored.
    ///
    /// # Errors
    /// [`Failure::Interrupted`], and those of `work`.
    pub(super) async fn watch<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut work = pin!(work);
        tokio::select! {
            outcome = &mut work => outcome,
            _ = tokio::signal::ctrl_c() => {
                self.0.store(true, Ordering::Relaxed);
                match tokio::time::timeout(GRACE, work).await {
                    Ok(Ok(done)) => Ok(done),
                    Ok(Err(_)) | Err(_) => Err(Failure::Interrupted),
                }
            }
        }
    }
}

impl<R: Read> Read for Interruptible<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.interrupt.0.load(Ordering::Relaxed) {
            // Not `ErrorKind::Interrupted`: that asks the caller to try again.
            return Err(io::Error::other("interrupted"));
        }
        self.source.read(buffer)
    }
}
