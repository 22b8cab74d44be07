use std::sync::Arc;

use annals_event::LogName;
use annals_history::{History, Snapshotter};
use annals_proof::{CheckpointSigner, ProofError, SigningTask, Verification};
use annals_store::{Append, Appended, EventStore, Store, StoreError};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use annals_tlog::SignedCheckpoint;

use crate::keys::start_signing;
use crate::location::Location;
use crate::options::{HistoryOptions, WritingOptions};
use crate::snapshots::tell_of;

/// One open log: its store and, where it is written, the signing of its checkpoints and the taking of snapshots.
pub struct Log {
    store: Arc<dyn Store>,
    /// The same store, for what only this kind can do.
    sqlite: Arc<SqliteEventStore>,
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
/// When the checkpoints cannot be signed, appends work all the same, and [`Log::signing`] says why.
///
/// # Errors
/// [`StoreError`] when another process writes the log, or the file cannot be used.
pub async fn open_for_writing(
    location: &Location,
    log: &LogName,
    options: WritingOptions,
) -> Result<Log, StoreError> {
    let (path, sqlite_options) = (location.path_of(log), sqlite_options(&options));
    let open = move || SqliteEventStore::create_or_open(&path, sqlite_options);
    let sqlite = Arc::new(blocking(open).await?);
    let store: Arc<dyn Store> = sqlite.clone();
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
    Ok(Log { store, sqlite, signing, snapshots })
}

/// Opens a log that exists for reading, while others may write it.
///
/// # Errors
/// [`StoreError`] when there is none, or it cannot be used.
pub async fn open_for_reading(location: &Location, log: &LogName) -> Result<Log, StoreError> {
    let path = location.path_of(log);
    let sqlite = Arc::new(blocking(move || SqliteEventStore::open_for_reading(&path)).await?);
    Ok(Log { store: sqlite.clone(), sqlite, signing: Signing::ReadOnly, snapshots: None })
}

/// Makes everything that is derived from the events anew, never what is a fact; what was made, in words.
///
/// # Errors
/// [`StoreError`] when there is no log, another process writes it, or events are missing.
pub async fn repair(
    location: &Location,
    log: &LogName,
    options: &WritingOptions,
) -> Result<Vec<String>, StoreError> {
    let (path, options) = (location.path_of(log), sqlite_options(options));
    blocking(move || SqliteEventStore::repair(&path, &options)).await
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

    /// Appends on this thread, for applications that may block. Where nobody else appends, this is faster than
    /// [`EventStore::append`]: no other thread has to wake up.
    ///
    /// # Errors
    /// As [`EventStore::append`].
    ///
    /// # Panics
    /// Inside a task of an asynchronous runtime, which must not block.
    pub fn append_blocking(&self, append: Append) -> Result<Appended, StoreError> {
        self.sqlite.append_blocking(append)
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
        self.sqlite.close().await?;
        Ok(signed?)
    }
}

pub(crate) fn sqlite_options(options: &WritingOptions) -> SqliteOptions {
    SqliteOptions {
        clock: options.clock.clone(),
        randomness: options.randomness.clone(),
        limits: options.limits,
        origin: options.origin.clone(),
        payload_paths: options.payload_paths.clone(),
        lock_wait: options.lock_wait,
        ..SqliteOptions::default()
    }
}

/// Opens a store where waiting for locks and reading files holds up nobody.
pub(crate) async fn blocking<T: Send + 'static>(
    open: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(open).await.unwrap_or_else(|error| {
        Err(StoreError::Unavailable { reason: format!("opening ended early: {error}"), source: None })
    })
}
