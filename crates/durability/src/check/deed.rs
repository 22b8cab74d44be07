//! What must be true behind a deed that was done, or interrupted anywhere.

use std::path::Path;
use std::sync::Arc;

use annals::{
    EventType, JsonObject, KeyHistory, LogName, NewEvent, Signing, StreamName, VerifyOptions, verify,
};
use annals_proof::{CheckpointSigner, read_key_file, successor_path};
use annals_store::{Append, EventStore};
use annals_store_sqlite::SqliteEventStore;
use annals_tlog::{Signer, SigningKey, VerifierKey};

use super::{Opening, check, on_a_runtime};
use crate::error::broken;
use crate::victim::Deed;
use crate::witness::Testimony;
use crate::{Failure, Place};

/// The log as it was before the deed.
pub(crate) struct Before {
    size: u64,
    /// Where it still is as it was, its key included.
    at_rest: Place,
}

impl Before {
    /// The log of a place.
    pub(crate) fn of(place: &Place) -> Result<Self, Failure> {
        on_a_runtime(async {
            let store = SqliteEventStore::open_for_reading(&place.log())?;
            Ok(Self { size: store.head().await?.size, at_rest: place.clone() })
        })
    }
}

/// Checks the log, and what the deed is about.
pub(crate) fn check_deed(place: &Place, deed: Deed, before: &Before) -> Result<(), Failure> {
    match deed {
        Deed::BackUp => {
            check(place, Opening::ReadCopy)?;
            on_a_runtime(check_backups(place, before))
        }
        Deed::Restore => check(place, Opening::Copy),
        Deed::Rotate => on_a_runtime(check_keys(place, before)),
    }
}

/// Whatever has the name of a backup is one; whatever is not complete has none.
async fn check_backups(place: &Place, before: &Before) -> Result<(), Failure> {
    let backup = place.backup();
    let folder = backup.parent().unwrap_or(Path::new("."));
    for entry in std::fs::read_dir(folder).map_err(Failure::file(folder))? {
        let path = entry.map_err(Failure::file(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path != backup && !(name.starts_with(".annals-") && name.contains(".unfinished")) {
            return broken!("{name} lies beside the backup, and looks like one");
        }
    }
    let store = SqliteEventStore::open_for_reading(&backup)?;
    let size = store.head().await?.size;
    let verification = verify(&store, VerifyOptions::default()).await?;
    if !verification.ok || size != before.size {
        return broken!("of {} events the backup has {size}: {:?}", before.size, verification.problems);
    }
    Ok(())
}

/// One key speaks for the log: the one that lies in its place. Nobody else can sign, nothing that was signed
/// contradicts anything, and whoever kept the first key is led to the present one.
async fn check_keys(place: &Place, before: &Before) -> Result<(), Failure> {
    let notes = Testimony::read(place)?.notes;
    let log = annals::open_for_writing(&place.location(), &LogName::main(), place.writing_options()).await?;
    if let Signing::Refused(reason) = log.signing() {
        return broken!("nothing may be signed: {reason}");
    }
    let (store, origin) = (log.store().clone(), log.store().origin().clone());
    let old = before.at_rest.keys().load(&origin)?;
    let first = old.verifier_key().clone();
    let history = KeyHistory::read(&*store, std::slice::from_ref(&first)).await?;
    let held = place.keys().load(&origin)?.verifier_key().clone();
    if history.current() != Some(&held) {
        return broken!("{:?} speaks for the log, and {held} lies in its place", history.current());
    }
    let waiting = read_key_file(&successor_path(&place.keys().path_of(&origin)), &origin).ok();
    for other in waiting.into_iter().chain([old]) {
        must_not_sign(&store, place, other, &held).await?;
    }
    let payload = JsonObject::new("{}")?;
    let event = NewEvent::new(StreamName::new("Client", "9")?, EventType::new("Written")?, payload);
    store.append(Append::event(event)).await?;
    let size = store.head().await?.size;
    let signed = log.close().await?.map(|signed| signed.unverified().size);
    if signed != Some(size) {
        return broken!("of {size} events {signed:?} are signed");
    }
    check_notes(place, first, notes, size).await
}

async fn must_not_sign(
    store: &Arc<dyn annals_store::Store>,
    place: &Place,
    other: SigningKey,
    current: &VerifierKey,
) -> Result<(), Failure> {
    let key = other.verifier_key().clone();
    if key == *current {
        return Ok(());
    }
    match CheckpointSigner::new(store.clone(), other, place.state(store.origin()))?.check().await {
        Err(annals_proof::ProofError::KeyMismatch { .. }) => Ok(()),
        checked => broken!("{key} does not speak for the log and could sign it: {checked:?}"),
    }
}

/// Verifies everything that was signed, kept and witnessed, from the first key on.
async fn check_notes(
    place: &Place,
    first: VerifierKey,
    notes: Vec<annals_tlog::SignedCheckpoint>,
    size: u64,
) -> Result<(), Failure> {
    let store = SqliteEventStore::open_for_reading(&place.log())?;
    let options =
        VerifyOptions { checkpoints: notes, verifier_keys: vec![first], ..VerifyOptions::default() };
    let verification = verify(&store, options).await?;
    if verification.ok && verification.unsigned_tail == 0 && verification.size == size {
        return Ok(());
    }
    broken!("of {size} events {} are not signed: {:?}", verification.unsigned_tail, verification.problems)
}
