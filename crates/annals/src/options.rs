use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use annals_event::{JsonPointer, Limits};
use annals_history::{JqOptions, Rules};
use annals_proof::{KeyStore, ProofError, SigningState, read_key_file, read_or_create_key_file};
use annals_store::{Clock, Randomness, SystemClock, SystemRandomness};
use annals_store_postgres::{ContainsIndex, OlderFormat};
use annals_tlog::{Origin, SigningKey};

use crate::location::Location;

/// How a log is opened by the one who writes it.
#[derive(Clone)]
pub struct WritingOptions {
    /// Where times of recording come from.
    pub clock: Arc<dyn Clock>,
    /// Where secrets and the random part of event ids come from.
    pub randomness: Arc<dyn Randomness>,
    /// What an event may hold.
    pub limits: Limits,
    /// The identity of a log that is made anew; a random one when there is none.
    pub origin: Option<Origin>,
    /// Payload paths that are indexed.
    pub payload_paths: Vec<JsonPointer>,
    /// How long to wait for another process that writes the log.
    pub lock_wait: Duration,
    /// Where the private key lies.
    pub key: KeyLocation,
    /// Where it is kept what was signed last.
    pub signing_state: StateLocation,
    /// How often the log is signed at the most while it grows.
    pub signing_interval: Duration,
    /// By which rules snapshots of the aggregates' states are taken in the background; none are taken without. They
    /// only make history faster, see [`crate::history::Snapshotter`].
    pub snapshots: Option<HistoryOptions>,
    /// What only a log in a PostgreSQL database can be told.
    pub postgres: PostgresSettings,
}

/// What only a log in a PostgreSQL database can be told.
#[derive(Debug, Clone, Default)]
pub struct PostgresSettings {
    /// A streaming replica that answers questions in the server's place, as soon as it has what was asked for.
    pub replica: Option<Location>,
    /// What becomes of a log that an older program made, when it is opened for writing.
    pub older_format: OlderFormat,
    /// Which blocks get an index of what their payloads contain, when the log is opened for writing.
    pub contains_index: ContainsIndex,
    /// How many positions the first blocks of a log hold that is made, and later ones at least; the store's own number when
    /// there is none.
    pub block_len: Option<u64>,
}

/// How the states of aggregates are made of their events.
#[derive(Debug, Clone)]
pub struct HistoryOptions {
    /// The reducers and upcasters, and how often a snapshot is due.
    pub rules: Rules,
    /// How jq programs are run, where the rules have some.
    pub jq: JqOptions,
}

/// Where a log's private key lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyLocation {
    /// In the user's configuration folder, named by origin. It is made for a log that was never signed.
    #[default]
    UserConfiguration,
    /// In this folder, named by origin. It is made for a log that was never signed.
    Folder(PathBuf),
    /// In this file. It is made for a log that was never signed.
    File(PathBuf),
}

/// Where it is kept what was signed last: outside the store and its backups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StateLocation {
    /// In the user's folder for state, named by origin.
    #[default]
    UserState,
    /// In this folder, named by origin.
    Folder(PathBuf),
}

/// Whether a missing key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingKey {
    /// It is made: nothing was ever signed.
    IsMade,
    /// It is an error: a new one could not vouch for what an old one signed.
    IsRefused,
}

impl Default for WritingOptions {
    /// The system's clock and randomness, the usual limits and places, five seconds of patience, one signature
    /// a second, no snapshots.
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            limits: Limits::default(),
            origin: None,
            payload_paths: Vec::new(),
            lock_wait: Duration::from_secs(5),
            key: KeyLocation::default(),
            signing_state: StateLocation::default(),
            signing_interval: Duration::from_secs(1),
            snapshots: None,
            postgres: PostgresSettings::default(),
        }
    }
}

impl KeyLocation {
    /// Reads the key of a log that exists.
    ///
    /// # Errors
    /// [`ProofError`] when there is none, or it is not fit.
    pub fn load(&self, origin: &Origin) -> Result<SigningKey, ProofError> {
        self.obtain(origin, MissingKey::IsRefused)
    }

    /// The file in which the key of a log lies or would lie.
    ///
    /// # Errors
    /// [`ProofError::NoHome`].
    pub fn path_of(&self, origin: &Origin) -> Result<PathBuf, ProofError> {
        Ok(match self {
            Self::File(path) => path.clone(),
            Self::Folder(folder) => KeyStore::in_folder(folder).path_of(origin),
            Self::UserConfiguration => KeyStore::in_user_configuration()?.path_of(origin),
        })
    }

    pub(crate) fn obtain(&self, origin: &Origin, missing: MissingKey) -> Result<SigningKey, ProofError> {
        let path = self.path_of(origin)?;
        match missing {
            MissingKey::IsMade => read_or_create_key_file(&path, origin),
            MissingKey::IsRefused => read_key_file(&path, origin),
        }
    }
}

impl StateLocation {
    pub(crate) fn of(&self, origin: &Origin) -> Result<SigningState, ProofError> {
        match self {
            Self::UserState => SigningState::in_user_state(origin),
            Self::Folder(folder) => Ok(SigningState::in_folder(folder, origin)),
        }
    }
}
