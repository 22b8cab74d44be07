//! Seeing to the key that signs a log, and to the memory of what it signed.

use std::path::PathBuf;
use std::sync::Arc;

use annals_event::LogName;
use annals_proof::{
    CheckpointSigner, KeyHistory, KeyPeriod, KeyRotation, ProofError, check_signing_state, install_successor,
    read_key_file, read_or_create_key_file, successor_path,
};
use annals_store::{Store, StoreError};
use annals_tlog::{Origin, SignedCheckpoint, Signer, SigningKey, TreeHead, VerifierKey};

use crate::location::Location;
use crate::log::{Log, LogError, Signing, open_for_writing};
use crate::options::{KeyLocation, MissingKey, StateLocation, WritingOptions};

/// How it stands with the signing of a log, on this machine.
#[derive(Debug)]
pub struct KeyReport {
    /// The log.
    pub origin: Origin,
    /// Its keys, each with the part of the log for which it speaks, the present one last; none for a log that
    /// was never signed.
    pub periods: Vec<KeyPeriod>,
    /// Where its key lies or should lie.
    pub key_path: PathBuf,
    /// The public half of what lies there; otherwise why it cannot sign for this log.
    pub key: Result<VerifierKey, ProofError>,
    /// A key that waits to take its place: a rotation was interrupted, before it was on record or after.
    pub waiting: Option<PathBuf>,
    /// Where it is kept what was signed last.
    pub state_path: PathBuf,
    /// What was signed last, `None` for a log that was never signed; otherwise why nothing may be signed.
    pub state: Result<Option<TreeHead>, ProofError>,
    /// The newest checkpoint that is kept beside the log.
    pub newest: Option<SignedCheckpoint>,
}

/// Takes a checkpoint of which somebody knows that it was the newest that left the log as what was signed last,
/// where the memory of that was lost; what is remembered now.
///
/// # Errors
/// [`LogError`] when the log does not extend the checkpoint, the key is not one that signed for it, or the log
/// cannot be opened for writing.
pub async fn adopt_checkpoint(
    location: &Location,
    log: &LogName,
    options: WritingOptions,
    checkpoint: &SignedCheckpoint,
) -> Result<TreeHead, LogError> {
    let (key, signing_state) = (options.key.clone(), options.signing_state.clone());
    let log = open_for_writing(location, log, options).await?;
    let origin = log.store().origin();
    let key = current_key(&**log.store(), &key, MissingKey::IsRefused).await?;
    let signer = CheckpointSigner::new(log.store().clone(), key, signing_state.of(origin)?)?;
    let adopted = signer.adopt(checkpoint).await?;
    log.close().await?;
    Ok(adopted)
}

/// Hands the log over from its key to a new one: both sign it, it is recorded as an event, the new key takes the
/// place of the old one's file, and signs.
///
/// It may be interrupted anywhere. The log has gone over exactly when the event is recorded; the new key waits
/// beside the old one from before that, and whoever opens the log for writing next puts it in its place.
///
/// # Errors
/// [`LogError`] when the log cannot be opened for writing, or nothing may be signed for it.
pub async fn rotate_key(
    location: &Location,
    log: &LogName,
    options: WritingOptions,
) -> Result<KeyRotation, LogError> {
    let (key, signing_state) = (options.key.clone(), options.signing_state.clone());
    let mut log = open_for_writing(location, log, options).await?;
    let old = match log.stop_signing() {
        Signing::Active { signer, .. } => signer,
        Signing::Refused(reason) => {
            log.close().await?;
            return Err(reason.into());
        }
        Signing::ReadOnly => return Err(ProofError::Interrupted.into()),
    };
    let (store, origin) = (log.store().clone(), log.store().origin().clone());
    let path = key.path_of(&origin)?;
    let new = read_or_create_key_file(&successor_path(&path), &origin)?;
    let rotation = old.rotate(&new).await?;
    install_successor(&path)?;
    CheckpointSigner::new(store, new, signing_state.of(&origin)?)?.sign_now().await?;
    log.close().await?;
    Ok(rotation)
}

/// How it stands with the signing of a log that was opened for reading or writing. Nothing is changed.
///
/// # Errors
/// [`ProofError`] when the store cannot be read, or there is no usual place for keys.
pub async fn report_key(
    log: &Log,
    key: &KeyLocation,
    signing_state: &StateLocation,
) -> Result<KeyReport, ProofError> {
    let store = &**log.store();
    let origin = store.origin().clone();
    let (key_path, state) = (key.path_of(&origin)?, signing_state.of(&origin)?);
    let history = KeyHistory::read(store, &[]).await?;
    let waiting = Some(successor_path(&key_path)).filter(|path| path.exists());
    let signing_key = read_current(&key_path, &origin, history.current());
    let report = KeyReport {
        key: signing_key.and_then(|key| must_be_current(&key, history.current(), &origin)),
        state: check_signing_state(store, &state).await,
        newest: store.newest_checkpoint().await?,
        periods: history.periods().to_vec(),
        state_path: state.path().to_owned(),
        origin,
        key_path,
        waiting,
    };
    Ok(report)
}

/// Why nothing can be signed for a log that was opened for reading, on a machine that signs it: where its key or
/// its signing state lies. `None` where all is well, and for whoever only reads the log.
///
/// # Errors
/// [`ProofError`] when the store cannot be read, or there is no usual place for keys.
pub async fn unsigned_reason(
    log: &Log,
    key: &KeyLocation,
    signing_state: &StateLocation,
) -> Result<Option<ProofError>, ProofError> {
    let store = &**log.store();
    let (key_path, state) = (key.path_of(store.origin())?, signing_state.of(store.origin())?);
    if !key_path.exists() && !state.path().exists() {
        return Ok(None);
    }
    match check_signing_state(store, &state).await {
        Ok(_) => Ok(None),
        Err(ProofError::Store(error)) => Err(error.into()),
        Err(reason) => Ok(Some(reason)),
    }
}

/// The log's present key, to sign a statement about what `checkpoint` covers and about nothing more. Whoever only
/// reads the log may do that: all that the statement says of the log was signed before.
///
/// # Errors
/// [`ProofError`] when nothing may be signed for the log on this machine, the key is not its present one, or the
/// checkpoint is not one that the log's key signed for what the log holds.
pub async fn key_to_vouch(
    log: &Log,
    key: &KeyLocation,
    signing_state: &StateLocation,
    checkpoint: &SignedCheckpoint,
) -> Result<SigningKey, ProofError> {
    let store = &**log.store();
    let origin = store.origin();
    let (path, state) = (key.path_of(origin)?, signing_state.of(origin)?);
    let history = KeyHistory::read(store, &[]).await?;
    let key = read_current(&path, origin, history.current())?;
    must_be_current(&key, history.current(), origin)?;
    check_signing_state(store, &state).await?;
    let covered = checkpoint.verify(history.keys_at(checkpoint.unverified().size))?.tree();
    let found = store.root_at(covered.size).await?;
    if checkpoint.unverified().origin != *origin || found != covered.root {
        return Err(ProofError::Forked { origin: origin.clone(), signed: covered, found });
    }
    Ok(key)
}

impl KeyReport {
    /// Why nothing is signed; `None` if the key is the log's and what was signed last fits the log.
    #[must_use]
    pub fn problem(&self) -> Option<&ProofError> {
        self.key.as_ref().err().or(self.state.as_ref().err())
    }
}

/// Gathers who signs and finds out whether it may.
pub(crate) async fn start_signing(
    store: &Arc<dyn Store>,
    options: &WritingOptions,
) -> Result<Arc<CheckpointSigner>, ProofError> {
    let missing = if store.verifier_keys().await?.is_empty() && store.newest_checkpoint().await?.is_none() {
        MissingKey::IsMade
    } else {
        MissingKey::IsRefused
    };
    let key = current_key(&**store, &options.key, missing).await?;
    let signer = CheckpointSigner::new(store.clone(), key, options.signing_state.of(store.origin())?)?;
    signer.check().await?;
    Ok(Arc::new(signer))
}

/// The log's key. Where the log was handed over to the key that waits, and the process died before that had its
/// place, it gets it now.
async fn current_key(
    store: &dyn Store,
    location: &KeyLocation,
    missing: MissingKey,
) -> Result<SigningKey, ProofError> {
    let origin = store.origin();
    if missing == MissingKey::IsMade {
        return location.obtain(origin, missing);
    }
    let path = location.path_of(origin)?;
    let history = match KeyHistory::read(store, &[]).await {
        // Such a log can be appended to; what is damaged is for others to report.
        Err(ProofError::Store(StoreError::Corrupt { .. })) => KeyHistory::default(),
        history => history?,
    };
    let key = read_current(&path, origin, history.current())?;
    let is_in_place =
        read_key_file(&path, origin).is_ok_and(|held| held.verifier_key() == key.verifier_key());
    if !is_in_place {
        install_successor(&path)?;
    }
    Ok(key)
}

/// The key in a file, or the one that waits beside it if that is the log's present key.
fn read_current(
    path: &std::path::Path,
    origin: &Origin,
    current: Option<&VerifierKey>,
) -> Result<SigningKey, ProofError> {
    let held = read_key_file(path, origin);
    if held.as_ref().is_ok_and(|held| current.is_none_or(|current| held.verifier_key() == current)) {
        return held;
    }
    let waiting = read_key_file(&successor_path(path), origin);
    match waiting {
        Ok(waiting) if Some(waiting.verifier_key()) == current => Ok(waiting),
        // What is wrong is then told of the file that should hold the key.
        Ok(_) | Err(_) => held,
    }
}

fn must_be_current(
    key: &SigningKey,
    current: Option<&VerifierKey>,
    origin: &Origin,
) -> Result<VerifierKey, ProofError> {
    let given = key.verifier_key().clone();
    match current {
        Some(current) if *current != given => Err(ProofError::KeyMismatch {
            origin: origin.clone(),
            recorded: Some(Box::new(current.clone())),
            given: Box::new(given),
        }),
        _ => Ok(given),
    }
}
