//! Going on under a new origin.

use annals_event::LogName;
use annals_proof::{Predecessor, ProofError};
use annals_store::StoreError;
use annals_tlog::{Origin, SignedCheckpoint};

use crate::location::Location;
use crate::log::{LogError, Signing, open_for_reading, open_for_writing};
use crate::options::WritingOptions;

/// A log that goes on for another one.
#[derive(Debug)]
pub struct Recovered {
    /// Its identity.
    pub origin: Origin,
    /// The log for which it goes on, as its first event names it.
    pub predecessor: Predecessor,
    /// Its first checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// Where a log lies, and where the one will lie that goes on for it.
#[derive(Debug, Clone, Copy)]
pub struct RecoveryPlaces<'a> {
    /// The store with the log that can no longer be signed. It is only read.
    pub old: &'a Location,
    /// The store to make.
    pub new: &'a Location,
}

/// Makes a log with an origin of its own that goes on for one that can no longer be signed, such as one that was
/// restored from a backup. Its first event names the old log, what was left of it, and what was signed last.
///
/// The old log stays as it is, as its signing state does: under its origin nothing that contradicts what was
/// signed is ever signed. Where this was interrupted, it can be repeated.
///
/// # Errors
/// [`LogError`] when the old log cannot be read, the new one cannot be made or signed, or holds something else.
pub async fn recover(
    places: RecoveryPlaces<'_>,
    log: &LogName,
    options: WritingOptions,
) -> Result<Recovered, LogError> {
    let left = open_for_reading(places.old, log).await?;
    let state = options.signing_state.of(left.store().origin())?;
    let predecessor = Predecessor::of(&**left.store(), &state).await?;
    left.close().await?;
    must_be_free(places.new, log, &predecessor).await?;

    let mut log = open_for_writing(places.new, log, options).await?;
    let signer = match log.stop_signing() {
        Signing::Active { signer, .. } => signer,
        Signing::Refused(reason) => return Err(reason.into()),
        Signing::ReadOnly => return Err(ProofError::Interrupted.into()),
    };
    let origin = log.store().origin().clone();
    predecessor.record_in(&**log.store()).await?;
    let checkpoint = signer.sign_now().await?;
    log.close().await?;
    Ok(Recovered { origin, predecessor, checkpoint })
}

/// Refuses a log that is there and holds something else, before it is opened for writing: it may be the old one.
async fn must_be_free(new: &Location, log: &LogName, predecessor: &Predecessor) -> Result<(), LogError> {
    let there = match open_for_reading(new, log).await {
        Err(StoreError::NotFound { .. }) => return Ok(()),
        there => there?,
    };
    let size = there.store().head().await?.size;
    let is_free = size == 0 && *there.store().origin() != predecessor.origin;
    let is_free = is_free || Predecessor::named_by(&**there.store()).await?.as_ref() == Some(predecessor);
    let origin = there.store().origin().clone();
    there.close().await?;
    if is_free {
        return Ok(());
    }
    Err(ProofError::NotEmpty { origin, size, predecessor: predecessor.origin.clone() }.into())
}
