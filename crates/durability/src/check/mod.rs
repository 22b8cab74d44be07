//! Whether what is left is what was promised.

mod deed;
mod events;
mod signed;

use annals_store::{CursorStore, EventStore, StoreError};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use std::sync::Arc;
use tempfile::TempDir;

use crate::error::broken;
use crate::victim::signer_of;
use crate::witness::{Testimony, Witness};
use crate::{Failure, Place};

pub(crate) use deed::{Before, check_deed};

/// How the log is opened after the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// As the next process that writes does it.
    InPlace,
    /// As that, on a copy: the next victim finds what the last one left.
    Copy,
    /// By a reader, on a copy.
    ReadCopy,
}

impl Opening {
    pub(crate) const ALL: [Self; 3] = [Self::InPlace, Self::Copy, Self::ReadCopy];
}

/// Checks everything that was promised.
pub(crate) fn check(place: &Place, opening: Opening) -> Result<(), Failure> {
    let copied = TempDir::with_prefix("annals-copy-").map_err(Failure::file(&std::env::temp_dir()))?;
    on_a_runtime(async {
        match opening {
            Opening::InPlace => check_writing(place, &Witness::open(place)?, &Testimony::read(place)?).await,
            Opening::Copy => {
                let copy = place.copy_to(copied.path())?;
                // What is signed on a copy binds nobody.
                check_writing(&copy, &Witness::open(&copy)?, &Testimony::read(place)?).await
            }
            Opening::ReadCopy => {
                let copy = place.copy_to(copied.path())?;
                check_reading(&copy, &Testimony::read(place)?).await
            }
        }
    })
}

pub(crate) fn on_a_runtime<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(Failure::file("a runtime".as_ref()))?.block_on(work)
}

/// As the next process that writes: it opens, checks, signs and closes.
async fn check_writing(place: &Place, witness: &Witness, testimony: &Testimony) -> Result<(), Failure> {
    let store = Arc::new(SqliteEventStore::create_or_open(&place.log(), SqliteOptions::default())?);
    check_store(place, &store, testimony).await?;
    if store.head().await?.size > 0 {
        let signer = signer_of(place, store.clone())?;
        witness.signed(&signer.sign_now().await?)?;
    }
    store.close().await?;
    Ok(())
}

async fn check_reading(place: &Place, testimony: &Testimony) -> Result<(), Failure> {
    match SqliteEventStore::open_for_reading(&place.log()) {
        // The log may have ended before it was there.
        Err(StoreError::NotFound { .. }) if testimony.events.is_empty() && testimony.notes.is_empty() => {
            Ok(())
        }
        opened => check_store(place, &Arc::new(opened?), testimony).await,
    }
}

async fn check_store(
    place: &Place,
    store: &Arc<SqliteEventStore>,
    testimony: &Testimony,
) -> Result<(), Failure> {
    events::check(store, testimony).await?;
    for (name, promised) in &testimony.cursors {
        let found = store.cursor(&annals_event::CursorName::new(name)?).await?;
        let place = found.as_ref().and_then(|place| place.0.parse::<u64>().ok()).unwrap_or(0);
        if place < *promised {
            return broken!("cursor {name} was moved to {promised}, and stands at {place}");
        }
    }
    signed::check(place, store, testimony).await
}
