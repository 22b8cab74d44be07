//! Backups of logs: what is copied is verified before it counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals_event::LogName;
use annals_proof::{ProofError, Verification, VerifyOptions, verify};
use annals_store::{CheckpointStore, Store, StoreError};
use annals_store_postgres::PostgresEventStore;
use annals_store_sqlite::{Existing, Migration, SqliteEventStore};
use annals_tlog::{Origin, SignedCheckpoint};

use crate::backing::{blocking, of_log, postgres_options, sqlite_options};
use crate::keys::start_signing;
use crate::location::Location;
use crate::log::{LogError, open_for_reading};
use crate::options::WritingOptions;

/// How a copy of a log is made.
#[derive(Debug, Clone, Copy)]
pub struct CopyOptions {
    /// What becomes of a file or log that has the name already.
    pub existing: Existing,
    /// What becomes of a copy that does not verify.
    pub alterations: Alterations,
}

/// What becomes of a copy that does not verify, because the log or backup does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alterations {
    /// It is thrown away.
    AreRefused,
    /// It is kept, alterations included: the rest of the log is worth having.
    AreKept,
}

/// What a log or a backup holds, as far as verification goes.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The log's identity.
    pub origin: Origin,
    /// What the verification found.
    pub verification: Verification,
    /// The newest signed checkpoint in it.
    pub checkpoint: Option<SignedCheckpoint>,
}

/// A log that was made of a backup.
#[derive(Debug)]
pub struct Restored {
    /// What it holds.
    pub checked: Checked,
    /// Under which name the log that was there is kept.
    pub kept: Option<PathBuf>,
    /// Why nothing will be signed for it, if so: a key or memory that no backup holds, or checkpoints of events
    /// that the backup does not have.
    pub unsigned: Option<ProofError>,
}

/// A log whose format was looked at, and changed if it was an older one.
#[derive(Debug, Clone)]
pub struct Migrated {
    /// What was done.
    pub migration: Migration,
    /// What the log holds; `None` when nothing was to be done.
    pub checked: Option<Checked>,
}

/// Copies a log to one file as it is at this moment, while this or another process may write it, and verifies the
/// copy before it gets its name. It holds no private key, and opens as a log.
///
/// # Errors
/// [`LogError::NotVerified`] for a log that does not verify, [`LogError::Store`] when there is none, the file is there
/// and is to stay, or the disk is full. There is nothing under the name then that was not there before.
pub async fn backup(
    location: &Location,
    log: &LogName,
    file: &Path,
    options: CopyOptions,
) -> Result<Checked, LogError> {
    let (log, file) = (file_of(location, log)?, file.to_owned());
    let copy = blocking(move || SqliteEventStore::copy(&log, &file, options.existing)).await?;
    let store = open(copy.path()).await?;
    let checked = check(&*store).await?.judged(options.alterations)?;
    store.close().await?;
    blocking(move || copy.give_name()).await?;
    Ok(checked)
}

/// Makes a log of a backup, which is verified before anything is replaced. A log that is there, and may be replaced,
/// is kept under another name.
///
/// # Errors
/// [`LogError::NotVerified`] for a backup that does not verify, [`LogError::Store`] when there is none, a log is there
/// and is to stay or is in use, or the disk is full. The log that was there then still is.
pub async fn restore(
    file: &Path,
    location: &Location,
    log: &LogName,
    writing: &WritingOptions,
    options: CopyOptions,
) -> Result<Restored, LogError> {
    let (file, path, sqlite) = (file.to_owned(), file_of(location, log)?, sqlite_options(writing));
    let begin = move || SqliteEventStore::begin_restore(&file, &path, options.existing, &sqlite);
    let restoration = blocking(begin).await?;
    let store = open(restoration.path()).await?;
    let checked = check(&*store).await?.judged(options.alterations)?;
    let unsigned = refusal_to_sign(&store, writing).await.err();
    store.close().await?;
    let kept = blocking(move || restoration.finish()).await?;
    Ok(Restored { checked, kept, unsigned })
}

/// Takes a log of an older format to the present one; that of an embedded store after a backup beside it.
///
/// # Errors
/// [`LogError::Store`] when there is no log, another process writes it, or its format is newer. It is as it was then.
pub async fn migrate(
    location: &Location,
    log: &LogName,
    options: &WritingOptions,
) -> Result<Migrated, LogError> {
    let path = match of_log(location, log)? {
        Location::Sqlite(path) => path,
        Location::Postgres(place) => {
            let done = PostgresEventStore::migrate(&postgres_options(*place, options)?).await?;
            let migration = Migration { from: done.from, to: done.to, backup: None };
            if done.from == done.to {
                return Ok(Migrated { migration, checked: None });
            }
            let migrated = open_for_reading(location, log).await?;
            let checked = check(&**migrated.store()).await?;
            migrated.close().await?;
            return Ok(Migrated { migration, checked: Some(checked) });
        }
        Location::Http(_) => return Err(StoreError::NotOverHttp { what: "migrating" }.into()),
    };
    let (sqlite, migrated_path) = (sqlite_options(options), path.clone());
    let migration = blocking(move || SqliteEventStore::migrate(&migrated_path, &sqlite)).await?;
    if migration.backup.is_none() {
        return Ok(Migrated { migration, checked: None });
    }
    let store = open(&path).await?;
    Ok(Migrated { migration, checked: Some(check(&*store).await?) })
}

impl Checked {
    fn judged(self, alterations: Alterations) -> Result<Self, LogError> {
        if self.verification.ok || alterations == Alterations::AreKept {
            return Ok(self);
        }
        Err(LogError::NotVerified { verification: Box::new(self.verification) })
    }
}

/// The file of a log that is one.
fn file_of(location: &Location, log: &LogName) -> Result<PathBuf, LogError> {
    location.file_of(log).ok_or_else(|| LogError::NotInAFile { location: location.to_string() })
}

async fn open(path: &Path) -> Result<Arc<SqliteEventStore>, LogError> {
    let path = path.to_owned();
    Ok(Arc::new(blocking(move || SqliteEventStore::open_for_reading(&path)).await?))
}

/// Verifies a log.
pub(crate) async fn check(store: &dyn Store) -> Result<Checked, LogError> {
    let verification = verify(store, VerifyOptions::default()).await?;
    let checkpoint = store.newest_checkpoint().await?;
    Ok(Checked { origin: store.origin().clone(), verification, checkpoint })
}

/// Why whoever opens this log for writing would sign nothing. A log that was never signed gets a key then.
async fn refusal_to_sign(store: &Arc<SqliteEventStore>, options: &WritingOptions) -> Result<(), ProofError> {
    if store.verifier_keys().await?.is_empty() && store.newest_checkpoint().await?.is_none() {
        return Ok(());
    }
    let store: Arc<dyn Store> = store.clone();
    start_signing(&store, options).await.map(drop)
}
