//! A log's way from one store to another.

use std::sync::Arc;

use annals_event::{CursorName, LogName};
use annals_store::{CarryStore, CursorAdvance, DeadLetterState, ProvableEvent, Store, StoreError, StoredRow};
use annals_tlog::Hash;

use crate::backing::Backing;
use crate::backup::{Checked, check};
use crate::location::Location;
use crate::log::LogError;
use crate::options::{PostgresSettings, WritingOptions};

/// Checkpoints, or dead letters, that are carried over at a time.
const PAGE_LEN: usize = 256;

/// Which store's log goes into which other store.
#[derive(Debug, Clone, Copy)]
pub struct CopyPlaces<'a> {
    /// The store that has the log. It is only read.
    pub from: &'a Location,
    /// The store that gets it.
    pub to: &'a Location,
}

/// What was copied.
#[derive(Debug, Clone)]
pub struct Copied {
    /// So many events were there already: an earlier copy was interrupted, or the log has grown since.
    pub before: u64,
    /// What the copy holds now.
    pub checked: Checked,
}

/// Copies a log into another store as it is at this moment: with the same positions, times of recording, leaves, root,
/// checkpoints, keys, cursors and dead letters. A copy that was interrupted goes on where it stopped, and one of a log
/// that has grown since takes in what is new. It is verified at the end. Nothing is signed.
///
/// `tell` gets, now and then, how many events are copied, and how many there are.
///
/// # Errors
/// [`LogError::Store`] when the target holds something else ([`StoreError::NotOurs`]), a store cannot be used, or an event
/// is not what its leaf says; [`LogError::NotVerified`].
pub async fn copy(
    places: CopyPlaces<'_>,
    log: &LogName,
    options: WritingOptions,
    tell: impl Fn(u64, u64),
) -> Result<Copied, LogError> {
    let source = Backing::open_for_reading(places.from, log, &PostgresSettings::default()).await?.store();
    let origin = source.origin().clone();
    let options = WritingOptions { origin: Some(origin.clone()), ..options };
    let backing = Backing::create_or_open(places.to, log, &options).await?;
    let (target, carrier) = (backing.store(), backing.carrier()?);
    let copying = async {
        let before = target.head().await?;
        if *target.origin() != origin || source.head().await?.size < before.size {
            return Err(something_else(places));
        }
        if before.size > 0 && source.root_at(before.size).await? != before.root {
            return Err(something_else(places));
        }
        copy_into(&source, (&target, &carrier), tell).await?;
        Ok(before.size)
    };
    let before = copying.await;
    let checked = match &before {
        Ok(_) => Some(check(&*target).await?),
        Err(_) => None,
    };
    backing.close().await?;
    let before = before?;
    match checked {
        Some(checked) if checked.verification.ok => Ok(Copied { before, checked }),
        Some(Checked { verification, .. }) => {
            Err(LogError::NotVerified { verification: Box::new(verification) })
        }
        None => Err(something_else(places)),
    }
}

fn something_else(places: CopyPlaces<'_>) -> LogError {
    let reason = format!(
        "holds events that the log at {} does not begin with; name a place where no log is, or an earlier copy",
        places.from
    );
    StoreError::NotOurs { store: places.to.to_string(), reason }.into()
}

/// What can change is read first, so that no cursor is ahead of the events it was moved with, and no checkpoint is of
/// more events than the copy has.
async fn copy_into(
    source: &Arc<dyn Store>,
    (target, carrier): (&Arc<dyn Store>, &Arc<dyn CarryStore>),
    tell: impl Fn(u64, u64),
) -> Result<(), LogError> {
    let cursors = source.cursors().await?;
    let keys = source.verifier_keys().await?;
    let last_checkpoint = source.newest_checkpoint().await?.map(|checkpoint| checkpoint.unverified().size);
    let head = source.head().await?;
    let mut size = target.head().await?.size;
    while size < head.size {
        let rows = source.stored_rows(size..head.size).await?;
        if rows.is_empty() {
            let reason = format!("the event at position {size} is missing; run 'annals verify'");
            return Err(StoreError::Corrupt { reason }.into());
        }
        let events = rows.into_iter().map(readable).collect::<Result<Vec<ProvableEvent>, _>>()?;
        size += events.len() as u64;
        carrier.carry(events).await?;
        must_be_like(source, target, size).await?;
        tell(size, head.size);
    }
    for key in &keys {
        let known = target.verifier_keys().await?;
        if !known.contains(key) {
            target.add_verifier_key(key).await?;
        }
    }
    copy_checkpoints(source, target, last_checkpoint).await?;
    copy_cursors(target, cursors).await?;
    copy_dead_letters(source, target).await
}

fn readable(row: StoredRow) -> Result<ProvableEvent, StoreError> {
    row.event.map_err(|reason| StoreError::Corrupt {
        reason: format!("position {}: {reason}; run 'annals verify'", row.position.0),
    })
}

/// Positions, versions and times are the same where the roots are.
async fn must_be_like(source: &Arc<dyn Store>, target: &Arc<dyn Store>, size: u64) -> Result<(), StoreError> {
    let (wanted, copied): (Hash, Hash) = (source.root_at(size).await?, target.root_at(size).await?);
    if wanted == copied {
        return Ok(());
    }
    let reason = format!(
        "the root over {size} events is {copied} in the copy and {wanted} in the log; run 'annals verify'"
    );
    Err(StoreError::Corrupt { reason })
}

async fn copy_checkpoints(
    source: &Arc<dyn Store>,
    target: &Arc<dyn Store>,
    last: Option<u64>,
) -> Result<(), StoreError> {
    let mut after = target.newest_checkpoint().await?.map(|checkpoint| checkpoint.unverified().size);
    loop {
        let checkpoints = source.checkpoints(after, PAGE_LEN).await?;
        let due = checkpoints.iter().take_while(|checkpoint| Some(checkpoint.unverified().size) <= last);
        let mut is_done = true;
        for checkpoint in due {
            target.keep_checkpoint(checkpoint).await?;
            after = Some(checkpoint.unverified().size);
            is_done = false;
        }
        if is_done {
            return Ok(());
        }
    }
}

async fn copy_cursors(
    target: &Arc<dyn Store>,
    cursors: Vec<(CursorName, annals_store::CursorValue)>,
) -> Result<(), StoreError> {
    for (name, to) in cursors {
        let from = target.cursor(&name).await?;
        if from.as_ref() != Some(&to) {
            target.advance_cursor(CursorAdvance { name, from, to }).await?;
        }
    }
    Ok(())
}

/// They are numbered in order in every store, so that those that are there already are the first ones.
async fn copy_dead_letters(source: &Arc<dyn Store>, target: &Arc<dyn Store>) -> Result<(), LogError> {
    let mut after = None;
    loop {
        let letters = source.dead_letters(None, after, PAGE_LEN).await?;
        let Some(last) = letters.last() else { return Ok(()) };
        let there = target.dead_letters(None, after, PAGE_LEN).await?;
        after = Some(last.id);
        for (index, letter) in letters.into_iter().enumerate() {
            let state = match there.get(index) {
                Some(there) => there.state,
                None => {
                    target.keep_dead_letter(letter.letter).await?;
                    DeadLetterState::Open
                }
            };
            if state == DeadLetterState::Open && letter.state != DeadLetterState::Open {
                target.settle_dead_letter(letter.id, letter.state).await?;
            }
        }
    }
}
