use std::sync::Arc;

use annals_event::LogName;
use annals_history::{History, Snapshotter};
use annals_proof::{CheckpointSigner, ProofError, SigningTask, Verification};
use annals_store::{Append, Appended, EventStore, Store, StoreError};
use annals_store_http::HttpEventStore;
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_store_sqlite::SqliteEventStore;
use annals_tlog::SignedCheckpoint;

use crate::backing::{Backing, blocking, of_log, sqlite_options};
use crate::keys::start_signing;
use crate::location::Location;
use crate::options::{HistoryOptions, PostgresSettings, WritingOptions};
use crate::snapshots::tell_of;

/// One open log: its store and, where it is written, the signing of its checkpoints and the taking of snapshots.
pub struct Log {
    store: Arc<dyn Store>,
    /// The same store, for what is not alike in all kinds.
    backing: Backing,
    signing: Signing,
    /// What takes snapshots while the log is written, if anything does.
    snapshots: Option<Snapshotter>,
}

/// Whether a log's checkpoints are signed here.
pub enum Signing {
    /// They are, while the log grows and when it is closed.
    Active {
        /// Who signs.
        signer: Arc<CheckpointSigner>,
        /// What signs while the log grows.
        task: SigningTask,
    },
    /// They are not, for this reason; appends go on.
    Refused(ProofError),
    /// Who only reads signs nothing.
    ReadOnly,
}

/// Why a log was not opened or closed as it should be.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its proof.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// What can be done to files only.
    #[error("the log at {location} is not in a file of its own, and this can be done to files only")]
    NotInAFile {
        /// The store, without a password.
        location: String,
    },
    /// What was copied is not what was recorded.
    #[error("the log does not verify, so its copy was thrown away")]
    NotVerified {
        /// What was found.
        verification: Box<Verification>,
    },
}

/// Opens a log as its one writer, on the current Tokio runtime; the log, its folder and its key are made when
/// they do not exist.
///
/// When the checkpoints cannot be signed, appends work all the same, and [`Log::signing`] says why. A log behind a server
/// is signed there.
///
/// # Errors
/// [`StoreError`] when another process writes the log, or the file cannot be used.
pub async fn open_for_writing(
    location: &Location,
    log: &LogName,
    options: WritingOptions,
) -> Result<Log, StoreError> {
    let backing = Backing::create_or_open(location, log, &options).await?;
    let store = backing.store();
    if backing.server().is_some() {
        return Ok(Log { store, backing, signing: Signing::ReadOnly, snapshots: None });
    }
    let signing = match start_signing(&store, &options).await {
        Ok(signer) => {
            let task = SigningTask::spawn(signer.clone(), options.signing_interval);
            Signing::Active { signer, task }
        }
        Err(error) => Signing::Refused(error),
    };
    let snapshots = match options.snapshots {
        Some(HistoryOptions { rules, jq }) => {
            let started = Snapshotter::start(History::new(store.clone(), rules, jq)).await;
            // Without snapshots everything is answered as well.
            started.inspect_err(|error| tracing::warn!(%error, "no snapshots are taken")).ok()
        }
        None => None,
    };
    Ok(Log { store, backing, signing, snapshots })
}

/// Opens a log that exists for reading, while others may write it.
///
/// # Errors
/// [`StoreError`] when there is none, or it cannot be used.
pub async fn open_for_reading(location: &Location, log: &LogName) -> Result<Log, StoreError> {
    open_for_reading_with(location, log, &PostgresSettings::default()).await
}

/// The same for a log that may be in a PostgreSQL database: a replica may answer for it.
///
/// # Errors
/// As [`open_for_reading`], also when the replica is none of this log.
pub async fn open_for_reading_with(
    location: &Location,
    log: &LogName,
    settings: &PostgresSettings,
) -> Result<Log, StoreError> {
    let backing = Backing::open_for_reading(location, log, settings).await?;
    Ok(Log { store: backing.store(), backing, signing: Signing::ReadOnly, snapshots: None })
}

/// Lets a role of a log's PostgreSQL database append and read, and change nothing that states a fact. Whoever calls
/// owns the log's schema.
///
/// # Errors
/// [`StoreError`] when there is no log or no such role, or the log is in a file.
pub async fn grant(location: &Location, log: &LogName, role: &str) -> Result<(), StoreError> {
    match of_log(location, log)? {
        Location::Postgres(place) => PostgresEventStore::grant(&PostgresOptions::new(*place), role).await,
        Location::Sqlite(_) => {
            let reason = "is a file, which knows no roles; use the file's permissions".to_owned();
            Err(StoreError::NotOurs { store: location.to_string(), reason })
        }
        Location::Http(_) => Err(StoreError::NotOverHttp { what: "granting a role" }),
    }
}

/// Makes everything that is derived from the events anew, never what is a fact; what was made, in words.
///
/// # Errors
/// [`LogError`] when there is no log, another process writes it, events are missing, or the log is not in a file.
pub async fn repair(
    location: &Location,
    log: &LogName,
    options: &WritingOptions,
) -> Result<Vec<String>, LogError> {
    match of_log(location, log)? {
        Location::Sqlite(path) => {
            let options = sqlite_options(options);
            Ok(blocking(move || SqliteEventStore::repair(&path, &options)).await?)
        }
        Location::Postgres(_) | Location::Http(_) => {
            Err(LogError::NotInAFile { location: location.to_string() })
        }
    }
}

impl Log {
    /// The store with all its abilities.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The store as something that appends and reads.
    #[must_use]
    pub fn events(&self) -> &dyn EventStore {
        &*self.store
    }

    /// The log as its server gives it; `None` where no server stands before it.
    #[must_use]
    pub fn server(&self) -> Option<&HttpEventStore> {
        self.backing.server()
    }

    /// Appends on this thread, for applications that may block. Where nobody else appends, this is faster than
    /// [`EventStore::append`]: no other thread has to wake up.
    ///
    /// # Errors
    /// As [`EventStore::append`].
    ///
    /// # Panics
    /// Inside a task of an asynchronous runtime, which must not block.
    pub fn append_blocking(&self, append: Append) -> Result<Appended, StoreError> {
        self.backing.append_blocking(append)
    }

    /// The past of this log's aggregates. Its cache is its own: keep it for as long as questions come.
    #[must_use]
    pub fn history(&self, HistoryOptions { rules, jq }: HistoryOptions) -> History {
        History::new(self.store.clone(), rules, jq)
    }

    /// How the signing stands.
    #[must_use]
    pub fn signing(&self) -> &Signing {
        &self.signing
    }

    /// Ends the signing in the background; nothing is signed any more when the log is closed.
    pub(crate) fn stop_signing(&mut self) -> Signing {
        std::mem::replace(&mut self.signing, Signing::ReadOnly)
    }

    /// Ends the taking of snapshots, also of those that are due when the log is closed, for somebody who cannot wait.
    pub fn stop_snapshots(&mut self) {
        self.snapshots = None;
    }

    /// Takes the snapshots that became due, signs what was not signed yet and closes the log. It is closed also when it
    /// could not be signed, or a snapshot could not be taken.
    ///
    /// # Errors
    /// [`LogError`]; every event that was acknowledged is on disk all the same.
    pub async fn close(self) -> Result<Option<SignedCheckpoint>, LogError> {
        if let Some(snapshots) = self.snapshots {
            tell_of(snapshots.stop().await);
        }
        let signed = match self.signing {
            Signing::Active { task, .. } => task.stop().await,
            Signing::Refused(_) | Signing::ReadOnly => Ok(None),
        };
        self.backing.close().await?;
        Ok(signed?)
    }
}
