use std::sync::Arc;
use std::time::Duration;

use annals_event::{JsonPointer, Limits};
use annals_store::{Clock, Randomness, SystemRandomness};
use annals_tlog::Origin;

use crate::connection::PostgresLocation;

/// What becomes of a log that an older program made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OlderFormat {
    /// It is refused, until somebody migrates it.
    #[default]
    IsRefused,
    /// Whoever opens it for writing takes it to the present format. Of several who try at once, one does it.
    IsMigrated,
}

/// How a PostgreSQL store is opened.
#[derive(Clone)]
pub struct PostgresOptions {
    /// Which schema of which database.
    pub location: PostgresLocation,
    /// A streaming replica that is asked questions in the primary's place, as soon as it has what this process knows of;
    /// its schema is the location's. Everything else, and questions while it is away or far behind, goes to the primary.
    pub replica: Option<PostgresLocation>,
    /// Where times come from; the database's clock when there is none, which all processes of a log share.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where secrets and the random part of event ids come from.
    pub randomness: Arc<dyn Randomness>,
    /// What an event may hold.
    pub limits: Limits,
    /// Payload paths whose values are looked up, besides those that the log has already; whoever opens it for writing
    /// adds them.
    pub payload_paths: Vec<JsonPointer>,
    /// What becomes of a log that an older program made.
    pub older_format: OlderFormat,
    /// The identity of a log that is created; a random one when there is none.
    pub origin: Option<Origin>,
    /// How many positions the first partitions hold, at least 16; later ones grow with the log. Each makes a look-up a
    /// little slower that no position bounds, and what is not sealed is held in memory, some hundred bytes per event.
    pub block_len: u64,
    /// How many connections may read at a time.
    pub readers_max: usize,
    /// How long appends wait for a server that cannot be reached before they are answered that it cannot.
    pub patience: Duration,
    /// How long what is done behind the appends rests before it is done again.
    pub housekeeping_rest: Duration,
}

impl PostgresOptions {
    /// The defaults for a location: no replica, the database's clock, first blocks of 131,072 positions, four readers, half a
    /// minute of patience.
    #[must_use]
    pub fn new(location: PostgresLocation) -> Self {
        Self {
            location,
            replica: None,
            clock: None,
            randomness: Arc::new(SystemRandomness),
            limits: Limits::default(),
            payload_paths: Vec::new(),
            older_format: OlderFormat::default(),
            origin: None,
            block_len: 1 << 17,
            readers_max: 4,
            patience: Duration::from_secs(30),
            housekeeping_rest: Duration::from_millis(250),
        }
    }
}
