use annals_server::AccessRecording;

use super::concern::concern;

concern! {
    /// What 'annals serve' records of who asks it what: see server.logs.
    AccessConfig is "access" {
        /// Whether a request that cannot be recorded is refused, rather than answered all the same and counted.
        strict: bool = false;
    }
}

impl AccessConfig {
    /// What becomes of requests that cannot be recorded.
    pub(crate) fn recording(&self) -> AccessRecording {
        if self.strict { AccessRecording::Always } else { AccessRecording::WherePossible }
    }
}
