use std::fmt;
use std::str::FromStr;
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

/// Which blocks get an index of what their payloads contain. It is built behind the appends, for older blocks as well, and
/// takes about a sixth of the space that the events take. Where there is none, `contains` is answered by a scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContainsIndex {
    /// Those for which another process wants it.
    #[default]
    None,
    /// Blocks that are full.
    Sealed,
    /// Those, and from now on each block before it is written: then the newest events are found by it as well, and every
    /// append keeps it up.
    All,
}

impl fmt::Display for ContainsIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Sealed => "sealed",
            Self::All => "all",
        })
    }
}

impl FromStr for ContainsIndex {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "sealed" => Ok(Self::Sealed),
            "all" => Ok(Self::All),
            other => Err(format!("{other:?} says no blocks; use none, sealed or all")),
        }
    }
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
    /// Which blocks get an index of what their payloads contain; whoever opens the log for writing may ask for more than
    /// others did, and takes nothing away.
    pub contains_index: ContainsIndex,
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
            contains_index: ContainsIndex::default(),
            older_format: OlderFormat::default(),
            origin: None,
            block_len: 1 << 17,
            readers_max: 4,
            patience: Duration::from_secs(30),
            housekeeping_rest: Duration::from_millis(250),
        }
    }
}
