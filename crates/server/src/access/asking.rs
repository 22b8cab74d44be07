use std::sync::{Arc, OnceLock};

use annals_auth::Caller;

/// Where it is noted who asks, by whoever finds it out, for those who record it: also when she is refused then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking(Arc<OnceLock<Caller>>);

impl Asking {
    /// Notes who asks. Only the first note counts.
    pub(crate) fn is(&self, caller: &Caller) {
        let _ = self.0.set(caller.clone());
    }

    /// Who asks; `None` when nobody knows.
    pub(super) fn caller(&self) -> Option<&Caller> {
        self.0.get()
    }
}
