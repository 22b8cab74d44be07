use std::sync::Arc;
use std::time::Duration;

use annals_proof::CheckpointSigner;
use annals_store::EventStore;
use annals_store_sqlite::SqliteEventStore;
use fastrand::Rng;

use super::{Order, is_for_now, signer_of};
use crate::witness::Witness;
use crate::{Failure, Place};

/// Signs again and again while the log grows; each note that leaves is witnessed.
pub(super) async fn sign_what_grows(
    order: Order,
    store: Arc<SqliteEventStore>,
    witness: Arc<Witness>,
    mut rng: Rng,
) -> Result<(), Failure> {
    let signer = loop {
        match signer(&order.place, store.clone()) {
            Ok(signer) => break signer,
            Err(error) => bear(error, &witness).await?,
        }
    };
    let mut size = 0;
    loop {
        let grown = store.grown(size).await?.size;
        match signer.covering(grown).await {
            Ok(note) => {
                witness.signed(&note)?;
                size = note.unverified().size;
            }
            Err(error) => bear(error.into(), &witness).await?,
        }
        tokio::time::sleep(Duration::from_micros(rng.u64(..3_000))).await;
    }
}

pub(super) fn signer(place: &Place, store: Arc<SqliteEventStore>) -> Result<CheckpointSigner, Failure> {
    signer_of(place, store)
}

/// Signs the end of a log, if it has one.
pub(super) async fn sign_last(signer: &CheckpointSigner, witness: &Witness) -> Result<(), Failure> {
    if signer.store().head().await?.size == 0 {
        return Ok(());
    }
    match signer.sign_now().await {
        Ok(note) => witness.signed(&note),
        Err(error) => bear(error.into(), witness).await,
    }
}

/// Bears an error that passes. Any other ends the process at once: nobody waits for this task.
async fn bear(error: Failure, witness: &Witness) -> Result<(), Failure> {
    if !is_for_now(&error) {
        eprintln!("{error}");
        std::process::exit(1);
    }
    witness.refused(&error.to_string())?;
    tokio::time::sleep(Duration::from_millis(2)).await;
    Ok(())
}
