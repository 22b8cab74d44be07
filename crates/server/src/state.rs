use std::ops::Deref;
use std::sync::Arc;

use annals::{Randomness, SystemRandomness, Timestamp};
use annals_wire::Reference;
use tokio::sync::watch;

use crate::access::Recorder;
use crate::jobs::{Exported, Jobs, Verified};
use crate::logs::OpenLogs;
use crate::options::ServerOptions;
use crate::rates::Rates;
use crate::telemetry::{Metrics, Scraped};

/// What every handler may use. Everything that a request passes on its way gets one of its own for each request, and so it
/// is one pointer, however much lies behind it.
#[derive(Clone)]
pub(crate) struct App(Arc<AppParts>);

/// What lies behind an [`App`].
#[derive(Clone)]
pub(crate) struct AppParts {
    pub(crate) logs: Arc<OpenLogs>,
    pub(crate) options: Arc<ServerOptions>,
    /// What records who asks what, where a log for that is served.
    pub(crate) access: Option<Arc<Recorder>>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rates: Arc<Rates>,
    pub(crate) exports: Arc<Jobs<Exported>>,
    pub(crate) verifications: Arc<Jobs<Verified>>,
    /// Becomes true when the server is to stop, so that answers without an end come to one.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

impl From<AppParts> for App {
    fn from(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl App {
    /// What lies behind it, for somebody who outlives it.
    pub(crate) fn parts(&self) -> AppParts {
        AppParts::clone(self)
    }

    /// The same logs and jobs, asked in another way.
    pub(crate) fn with_options(&self, options: ServerOptions) -> Self {
        let rates = match self.rates.limits() == options.rates {
            // Nobody gets a new start by a change of something else.
            true => self.rates.clone(),
            false => Arc::new(Rates::new(options.rates)),
        };
        let clock = self.options.clock.clone();
        let options = Arc::new(ServerOptions { clock, ..options });
        AppParts { options, rates, ..self.parts() }.into()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// What is looked at when somebody asks for the numbers.
    pub(crate) fn scraped(&self) -> Scraped {
        Scraped {
            metrics: self.metrics.clone(),
            logs: Arc::downgrade(&self.logs),
            access: self.access.clone(),
            exports: self.exports.clone(),
            verifications: self.verifications.clone(),
            options: self.options.clone(),
        }
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
