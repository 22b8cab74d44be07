use std::sync::atomic::{AtomicU64, Ordering};

use annals_event::{EventId, LogName};
use annals_store::{Head, StoreError};
use annals_tlog::{Origin, SignedCheckpoint, VerifierKey};
use serde::Deserialize;

use crate::client::{Client, unavailable};
use crate::location::HttpLocation;

/// A log behind a server.
///
/// What a caller may ask is the server's to say: who has no role that reads sees what is published, and no more.
pub struct HttpEventStore {
    pub(crate) client: Client,
    log: LogName,
    origin: Origin,
    /// The greatest size of a checkpoint that was seen: what is published of the tree up to there stays so.
    published: AtomicU64,
}

/// The logs that a caller may use.
#[derive(Deserialize)]
struct LogList {
    items: Vec<LogDocument>,
}

/// What a server says of a log.
#[derive(Deserialize)]
pub(crate) struct LogDocument {
    name: String,
    origin: String,
    size: u64,
    root: String,
    keys: Vec<String>,
}

impl HttpEventStore {
    /// Finds a log on a server.
    ///
    /// # Errors
    /// [`StoreError`] when the server cannot be reached, refuses the caller, or has no such log.
    pub async fn open(server: &HttpLocation, log: &LogName) -> Result<Self, StoreError> {
        let client = Client::new(server)?;
        let mut store =
            Self { client, log: log.clone(), origin: unknown_origin()?, published: AtomicU64::new(0) };
        store.origin = match store.described().await {
            Ok(described) => described.origin()?,
            // What anybody may see of a log says whose it is, too.
            Err(refusal @ StoreError::Refused { .. }) => match store.published_checkpoint().await {
                Ok(Some(checkpoint)) => checkpoint.unverified().origin.clone(),
                Ok(None) | Err(_) => return Err(refusal),
            },
            Err(error) => return Err(error),
        };
        Ok(store)
    }

    pub(crate) fn own_origin(&self) -> &Origin {
        &self.origin
    }

    /// The path of something that can be asked of this log.
    pub(crate) fn path(&self, of_log: &str) -> String {
        if self.log == LogName::main() {
            format!("/v1{of_log}")
        } else {
            format!("/v1/logs/{}{of_log}", self.log)
        }
    }

    /// The path of something that this log publishes.
    pub(crate) fn published_path(&self, of_log: &str) -> String {
        if self.log == LogName::main() { of_log.to_owned() } else { format!("/logs/{}{of_log}", self.log) }
    }

    /// The path of an event.
    pub(crate) fn event_path(&self, event_id: EventId) -> String {
        self.path(&format!("/events/{event_id}"))
    }

    /// What the server says of this log.
    pub(crate) async fn described(&self) -> Result<LogDocument, StoreError> {
        let LogList { items } = self.client.get("/v1/logs").await?;
        let found = items.into_iter().find(|described| described.name == self.log.as_str());
        found.ok_or_else(|| StoreError::NotFound {
            what: format!("log {} at {} that you may use", self.log, self.client.location()),
        })
    }

    /// The newest checkpoint that the log publishes; `None` while there is none.
    pub(crate) async fn published_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        match self.client.get_bytes(&self.published_path("/checkpoint")).await {
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
            Ok(bytes) => {
                let checkpoint = SignedCheckpoint::parse(&bytes).map_err(|error| {
                    unavailable(&format!("the server's checkpoint cannot be read: {error}"))
                })?;
                self.published.fetch_max(checkpoint.unverified().size, Ordering::Relaxed);
                Ok(Some(checkpoint))
            }
        }
    }

    /// For how many events the tree is published, as far as is known here.
    pub(crate) fn published_size(&self) -> u64 {
        self.published.load(Ordering::Relaxed)
    }
}

impl LogDocument {
    fn origin(&self) -> Result<Origin, StoreError> {
        self.origin
            .parse()
            .map_err(|error| unavailable(&format!("the server's origin cannot be read: {error}")))
    }

    /// The head. When its last event was recorded, only that event says.
    pub(crate) fn head(&self) -> Result<Head, StoreError> {
        let root = self.root.parse();
        let root =
            root.map_err(|error| unavailable(&format!("the server's root cannot be read: {error}")))?;
        Ok(Head { size: self.size, root, recorded_at: None })
    }

    pub(crate) fn keys(&self) -> Result<Vec<VerifierKey>, StoreError> {
        let keys = self.keys.iter().map(|key| key.parse()).collect::<Result<_, annals_tlog::Error>>();
        keys.map_err(|error| unavailable(&format!("the server's keys cannot be read: {error}")))
    }
}

fn unknown_origin() -> Result<Origin, StoreError> {
    "unknown.invalid".parse().map_err(|error| unavailable(&format!("{error}")))
}
