//! Tells the story of the shop.

use std::sync::Arc;
use std::time::Duration;

use annals::{
    Clock, CursorAdvance, CursorName, CursorValue, EventStore as _, ExpectedVersion, HttpEventStore,
    StoreError, StreamName, StreamVersion, SystemClock, Timestamp,
};
use annals_demo::{Business, Moment, Story};
use tokio::sync::watch;

use super::clock::StoryClock;
use super::content::CURSOR;
use crate::failure::Failure;
use crate::progress::{Count, Progress};
use crate::shell::Shell;

/// The time between two things that happen.
const PAUSE: Duration = Duration::from_secs(1);

/// So often an append is tried.
const ATTEMPTS_MAX: u32 = 8;

/// How long it is waited before it is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(250);

/// How much of a story was told, as the cursor in the log says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// When the story begins.
    pub(super) start: Timestamp,
    /// How many moments of it were told.
    pub(super) told: u64,
}

/// Tells a story, if there is one to tell.
pub(super) struct Teller(Option<Telling>);

struct Telling {
    business: Business,
    place: Option<Place>,
    start: Timestamp,
    shop: HttpEventStore,
    clock: Arc<StoryClock>,
}

impl Teller {
    /// One who goes on behind a place, or begins.
    pub(super) fn new(
        business: Business,
        place: Option<Place>,
        start: Timestamp,
        shop: HttpEventStore,
        clock: Arc<StoryClock>,
    ) -> Self {
        let start = place.map_or(start, |place| place.start);
        Self(Some(Telling { business, place, start, shop, clock }))
    }

    /// One who has nothing to tell.
    pub(super) fn of_nothing() -> Self {
        Self(None)
    }

    /// What is worth finding in what was told.
    pub(super) fn story(&self) -> Option<&Story> {
        self.0.as_ref().map(|telling| telling.business.story())
    }

    /// Tells what happened until now, or until it is to end.
    ///
    /// # Errors
    /// [`Failure::Demo`] when the server does not take it.
    pub(super) async fn tell_past(
        &mut self,
        stopping: &mut watch::Receiver<bool>,
        shell: &Shell,
    ) -> Result<(), Failure> {
        let Some(telling) = &mut self.0 else { return Ok(()) };
        let until = SystemClock.now();
        let span = |from: Timestamp, to: Timestamp| to.as_micros().abs_diff(from.as_micros());
        let bar = Progress::of_time(span(telling.start, until), &shell.console);
        let mut events = 0;
        while !*stopping.borrow() {
            let Some(moment) = telling.business.past(until).next() else { break };
            telling.clock.show(moment.at);
            events += moment.append.events.len() as u64;
            bar.at(span(telling.start, moment.at), events);
            telling.tell(moment).await?;
        }
        telling.clock.go();
        bar.end();
        Ok(())
    }

    /// Tells what happens, until it is to end.
    ///
    /// # Errors
    /// [`Failure::Demo`] when the server does not take it.
    pub(super) async fn go_on(
        &mut self,
        stopping: &mut watch::Receiver<bool>,
        shell: &Shell,
    ) -> Result<(), Failure> {
        let count = Count::new(&shell.console);
        let mut events = 0;
        loop {
            tokio::select! {
                // It is over too when nobody is left who could say so.
                _ = stopping.wait_for(|is_stopping| *is_stopping) => break,
                () = tokio::time::sleep(PAUSE) => {}
            }
            if let Some(telling) = &mut self.0 {
                let moment = telling.business.next(SystemClock.now());
                events += moment.append.events.len();
                let last = moment.append.events.last();
                let last = last.map(|event| format!("{} {}", event.stream, event.event_type));
                telling.tell(moment).await?;
                count.tell(&format!("{events} new events  {}  Ctrl-C ends it", last.unwrap_or_default()));
            }
        }
        count.end();
        Ok(())
    }
}

impl Telling {
    /// Has a moment recorded, and with it how far the story was told.
    async fn tell(&mut self, mut moment: Moment) -> Result<(), Failure> {
        let place = Place { start: self.start, told: self.business.told() };
        moment.append.cursors = vec![CursorAdvance {
            name: CursorName::new(CURSOR)?,
            from: self.place.map(|place| CursorValue(place.to_string().into())),
            to: CursorValue(place.to_string().into()),
        }];
        for _ in 0..ATTEMPTS_MAX {
            // Event ids follow from the story, so that what is told again is recorded once.
            match self.shop.append(moment.append.clone()).await {
                Ok(_) => {
                    self.place = Some(place);
                    return Ok(());
                }
                Err(StoreError::WrongExpectedVersion { stream, actual, .. }) => {
                    self.heed(&stream, actual.map_or(0, |version| version.0), &mut moment);
                }
                Err(StoreError::Unavailable { .. }) => tokio::time::sleep(RETRY_PAUSE).await,
                Err(error) => return Err(Failure::Demo { what: error.to_string() }),
            }
        }
        Err(Failure::Demo { what: format!("an append was not taken at {ATTEMPTS_MAX} attempts") })
    }

    /// Somebody else appended to an aggregate of the story: goes on behind that.
    fn heed(&mut self, stream: &StreamName, actual: u64, moment: &mut Moment) {
        let told = moment.append.events.iter().filter(|event| event.stream == *stream).count() as u64;
        self.business.heed(stream.clone(), StreamVersion(actual + told));
        for (of, expected) in &mut moment.append.expected {
            if of == stream {
                *expected = ExpectedVersion::Exactly(StreamVersion(actual));
            }
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.start, self.told)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (start, told) = text.split_once(' ').ok_or(())?;
        Ok(Self { start: start.parse().map_err(drop)?, told: told.parse().map_err(drop)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_is_written() {
        let place = Place { start: "2026-10-01T00:00:00Z".parse().unwrap(), told: 12 };
        assert_eq!(place.to_string(), "2026-10-01T00:00:00.000000Z 12");
        let read: Place = place.to_string().parse().unwrap();
        assert_eq!((read.start, read.told), (place.start, place.told));
        assert!("12".parse::<Place>().is_err());
    }
}
