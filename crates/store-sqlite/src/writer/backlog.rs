use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// With so many bytes in the write-ahead log it is folded into the file.
const DUE_BYTES: u64 = 8 << 20;

/// How much the writer has put into the write-ahead log since it began, by estimate, as writer and
/// checkpointer share it.
#[derive(Default)]
pub(crate) struct WalBacklog {
    state: Mutex<State>,
    /// Wakes the checkpointer.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    bytes: u64,
    closing: bool,
}

impl WalBacklog {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a commit of so many bytes.
    pub(super) fn add(&self, bytes: u64) {
        let mut state = self.state();
        let was_due = state.bytes >= DUE_BYTES;
        state.bytes += bytes;
        if !was_due && state.bytes >= DUE_BYTES {
            self.changed.notify_one();
        }
    }

    /// Waits until there is something to fold; `false` when the store closes.
    pub(super) fn wait_until_due(&self) -> bool {
        let state = self.state();
        let idle = |state: &mut State| state.bytes < DUE_BYTES && !state.closing;
        let state = self.changed.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner);
        !state.closing
    }

    /// Waits, but not for a store that closes.
    pub(super) fn rest(&self, duration: Duration) {
        let state = self.state();
        drop(self.changed.wait_timeout_while(state, duration, |state| !state.closing));
    }

    /// Notes that the log begins anew.
    pub(super) fn clear(&self) {
        self.state().bytes = 0;
    }

    pub(super) fn close(&self) {
        self.state().closing = true;
        self.changed.notify_all();
    }
}
