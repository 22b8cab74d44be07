use annals_proof::{VerifyOptions, verify};
use annals_store::{EventStore, ProofStore};
use annals_store_sqlite::SqliteEventStore;
use annals_tlog::Signer;

use crate::error::broken;
use crate::witness::Testimony;
use crate::{Failure, Place};

/// Verifies the whole log, against every note that left as well, and that no other can contradict them: what was
/// signed last is known, and the log extends it.
pub(super) async fn check(
    place: &Place,
    store: &SqliteEventStore,
    testimony: &Testimony,
) -> Result<(), Failure> {
    let origin = store.origin().clone();
    let mut options = VerifyOptions { checkpoints: testimony.notes.clone(), ..VerifyOptions::default() };
    if !testimony.notes.is_empty() {
        options.verifier_keys.push(place.keys().load(&origin)?.verifier_key().clone());
    }
    let verification = verify(store, options).await?;
    if let Some(problem) = verification.problems.first() {
        let count = verification.problems.len();
        return broken!(
            "verification finds {count} problems, the first: {} {}",
            problem.code,
            problem.detail
        );
    }
    let state = place.state(&origin).read()?;
    let newest = testimony.notes.iter().map(|note| note.unverified().size).max().unwrap_or(0);
    let known = state.map_or(0, |state| state.size);
    if known < newest {
        return broken!("a note of size {newest} left, and the signing state knows of {known}");
    }
    let head = store.head().await?;
    if known > head.size {
        return broken!("size {known} was to be signed, and the log has {} events", head.size);
    }
    if let Some(state) = state
        && store.root_at(state.size).await? != state.root
    {
        return broken!("the signing state has another root than the log at size {}", state.size);
    }
    Ok(())
}
