//! What a demonstration shows.

use std::sync::Arc;

use annals::{Clock, CursorName, CursorValue, HttpEventStore, Log, SystemClock, Timestamp};
use annals_demo::Business;

use super::DemoArgs;
use super::clock::StoryClock;
use super::folder::DemoFolder;
use super::letters;
use super::teller::{Place, Teller};
use crate::command::import;
use crate::failure::Failure;
use crate::shell::Shell;

/// The cursor that says how much of the story was told.
pub(super) const CURSOR: &str = "demo";

/// What the story of every demonstration follows from, so that its guide may name orders.
const SEED: u64 = 4720;

const DAY_MICROS: i64 = 86_400_000_000;

/// So many whole days are past when the demonstration begins.
const PAST_DAYS: i64 = 30;

/// What there is to show.
pub(super) enum Content {
    /// The shop, told up to here.
    Shop(Box<Business>, Option<Place>),
    /// What was imported.
    Imported,
}

impl Content {
    /// Imports what is to be shown, or finds out how far the story was told into the log.
    ///
    /// # Errors
    /// [`Failure`] when the import fails, and [`Failure::Usage`] when the log holds something else.
    pub(super) async fn prepare(
        args: &DemoArgs,
        log: &Log,
        folder: &DemoFolder,
        shell: &Shell,
    ) -> Result<Self, Failure> {
        if let Some(file) = &args.import {
            let files = std::slice::from_ref(file);
            let (read, rejected) =
                import::into_log(files, &args.map, log, folder.dead_letters(), shell).await?;
            if rejected > 0 {
                let letters = folder.dead_letters();
                let remark =
                    format!("{rejected} of {read} records were not stored: see {}", letters.display());
                shell.console.remark(&remark);
            }
            return Ok(Self::Imported);
        }
        let cursor = log.store().cursor(&CursorName::new(CURSOR)?).await?;
        let Some(CursorValue(text)) = cursor else {
            must_be_empty(log, folder).await?;
            letters::import(log).await?;
            return Ok(Self::Shop(Box::new(Business::new(SEED, start())), None));
        };
        let place: Place = text.parse().map_err(|()| another_log(folder))?;
        let mut business = Business::new(SEED, place.start);
        business.skip(place.told);
        Ok(Self::Shop(Box::new(business), Some(place)))
    }

    /// Who tells it.
    pub(super) fn teller(self, shop: HttpEventStore, clock: Arc<StoryClock>) -> Teller {
        match self {
            Self::Imported => Teller::of_nothing(),
            Self::Shop(business, place) => Teller::new(*business, place, start(), shop, clock),
        }
    }
}

/// The midnight of so many days ago.
fn start() -> Timestamp {
    let now = SystemClock.now();
    let today = now.as_micros() - now.as_micros().rem_euclid(DAY_MICROS);
    Timestamp::from_micros(today - PAST_DAYS * DAY_MICROS).unwrap_or(now)
}

async fn must_be_empty(log: &Log, folder: &DemoFolder) -> Result<(), Failure> {
    if log.store().head().await?.size == 0 { Ok(()) } else { Err(another_log(folder)) }
}

fn another_log(folder: &DemoFolder) -> Failure {
    let store = folder.store();
    let help = format!("give another --dir, or serve it with 'annals serve --store {}'", store.display());
    Failure::usage(format!("{} holds a log that is none of a demonstration", folder.path().display()), help)
}
