use std::sync::Arc;

use annals::{Randomness, SystemRandomness, Timestamp};
use annals_wire::Reference;
use tokio::sync::watch;

use crate::logs::OpenLogs;
use crate::options::ServerOptions;

/// What every handler may use.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) logs: Arc<OpenLogs>,
    pub(crate) options: Arc<ServerOptions>,
    /// Becomes true when the server is to stop, so that answers without an end come to one.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// Against what times in questions are read.
    pub(crate) fn reference(&self) -> Reference {
        Reference { now: self.now(), zone: self.options.zone.clone() }
    }

    /// Eight bytes that nobody can predict; zeros where the operating system gives none, which makes an identifier of a
    /// request less unique and nothing less safe.
    pub(crate) fn random_bytes(&self) -> [u8; 8] {
        let mut bytes = [0; 8];
        if let Err(error) = SystemRandomness.fill(&mut bytes) {
            tracing::warn!(%error, "identifiers of requests may repeat");
        }
        bytes
    }
}
