//! Whose signatures count for which part of the log.

use annals_store::{Store, StoreError};
use annals_tlog::VerifierKey;

use super::problems::Problems;
use crate::{KeyHistory, Predecessor, ProofError};

/// The history of the keys that are given; of the first one that the store itself names, if none is. What
/// claims to be a rotation and is none, and keys to which no rotation leads, are reported.
pub(super) async fn trusted(
    store: &dyn Store,
    given: Vec<VerifierKey>,
    problems: &mut Problems,
) -> Result<KeyHistory, ProofError> {
    let beside = if given.is_empty() { keys_beside(store, problems).await? } else { Vec::new() };
    let trusted: Vec<VerifierKey> =
        if given.is_empty() { beside.iter().take(1).cloned().collect() } else { given };
    let history = match KeyHistory::read(store, &trusted).await {
        Err(ProofError::Store(StoreError::Corrupt { reason })) => {
            problems
                .of_log("store-corrupt", || format!("rotations of the key cannot be looked up: {reason}"));
            KeyHistory::of_notes(&trusted, Vec::new())
        }
        history => history?,
    };
    for refused in history.refused() {
        problems.at("key-rotation-refused", refused.position, || {
            format!("the event claims to be a rotation of the log's key, and is none: {}", refused.reason)
        });
    }
    let leads_to = |key: &VerifierKey| history.periods().iter().any(|period| period.key == *key);
    for stray in beside.iter().filter(|key| !leads_to(key)) {
        problems.of_log("key-altered", || {
            format!("the key {stray} stands beside the log, but no rotation leads to it")
        });
    }
    Ok(history)
}

/// The keys that the store itself names.
async fn keys_beside(store: &dyn Store, problems: &mut Problems) -> Result<Vec<VerifierKey>, ProofError> {
    match store.verifier_keys().await {
        Err(StoreError::Corrupt { reason }) => {
            problems.of_log("key-altered", || format!("the keys beside the log cannot be read: {reason}"));
            Ok(Vec::new())
        }
        keys => Ok(keys?),
    }
}

/// The log for which this one goes on; what says so and cannot be read is reported.
pub(super) async fn predecessor(
    store: &dyn Store,
    problems: &mut Problems,
) -> Result<Option<Predecessor>, ProofError> {
    match Predecessor::named_by(store).await {
        Err(error @ ProofError::PredecessorDiffers { .. }) => {
            problems.at("predecessor-differs", 0, || error.to_string());
            Ok(None)
        }
        // Its row was looked at already, and what is wrong with it reported.
        Err(ProofError::Store(StoreError::Corrupt { .. })) => Ok(None),
        named => named,
    }
}
