use std::collections::HashMap;

use annals_event::{StreamName, StreamVersion, Timestamp};
use annals_store::{Append, ExpectedVersion};

use crate::agenda::Agenda;
use crate::chance::Chance;
use crate::shop::Shop;
use crate::story::Story;
use crate::story_time::{Span, StoryTime};
use crate::telling::Telling;

/// The business, and what goes on in it.
///
/// ```
/// use annals_demo::{Business, Plot};
///
/// let mut business = Business::new(7, "2026-11-01T00:00:00Z".parse()?);
/// let told = business.past("2026-12-01T00:00:00Z".parse()?).count();
/// assert!(told > 1_000);
///
/// let refund = business.story().chapter(Plot::DoubleRefund).unwrap();
/// assert_eq!(refund.stream.aggregate_type.as_str(), "Payment");
///
/// let next = business.next("2026-12-01T09:00:00Z".parse()?);
/// assert!(!next.append.events.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Business {
    seed: u64,
    start: Timestamp,
    pub(crate) chance: Chance,
    pub(crate) agenda: Agenda,
    pub(crate) shop: Shop,
    pub(crate) story: Story,
    /// Where streams end that something may still happen to.
    versions: HashMap<StreamName, StreamVersion>,
    /// Streams to which nothing will happen any more after the act that is told.
    closing: Vec<StreamName>,
    /// How many acts were told.
    told: u64,
    /// The time in the story of the act that is told. What happens later depends on this alone.
    pub(crate) now: StoryTime,
    /// The moment at which that act is recorded.
    at: Timestamp,
}

/// Something that happens at once, and is recorded as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// When it is recorded. What it is about happened then, or some time before.
    pub at: Timestamp,
    /// What is recorded; it expects every stream where the story left it.
    pub append: Append,
}

impl Business {
    /// A business whose story begins at `start`, which is taken for a midnight.
    #[must_use]
    pub fn new(seed: u64, start: Timestamp) -> Self {
        let mut business = Self {
            seed,
            start,
            chance: Chance::new(seed),
            agenda: Agenda::default(),
            shop: Shop::new(),
            story: Story::default(),
            versions: HashMap::new(),
            closing: Vec::new(),
            told: 0,
            now: StoryTime::on_day(0, 0, 0),
            at: start,
        };
        business.plan();
        business
    }

    /// What happened until a moment, each at its own time. What was told already is not told again.
    pub fn past(&mut self, until: Timestamp) -> impl Iterator<Item = Moment> + '_ {
        std::iter::from_fn(move || {
            while self.agenda.next_due()?.since(self.start) <= until {
                if let Some(moment) = self.step(None) {
                    return Some(moment);
                }
            }
            None
        })
    }

    /// What happens next, as if it happened at a moment, whenever it would have been due.
    pub fn next(&mut self, at: Timestamp) -> Moment {
        self.tell(Some(at))
    }

    /// Goes on behind what somebody told before: so many moments of the same story.
    pub fn skip(&mut self, moments: u64) {
        for _ in 0..moments {
            self.tell(None);
        }
    }

    /// How many moments were told.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.told
    }

    /// Takes note that a stream ends elsewhere, because somebody else appended to it.
    pub fn heed(&mut self, stream: StreamName, version: StreamVersion) {
        self.versions.insert(stream, version);
    }

    /// What is worth finding in what was told so far.
    #[must_use]
    pub fn story(&self) -> &Story {
        &self.story
    }

    fn tell(&mut self, at: Option<Timestamp>) -> Moment {
        loop {
            if let Some(moment) = self.step(at) {
                return moment;
            }
        }
    }

    /// Does the next act, of which there may be nothing to tell.
    fn step(&mut self, at: Option<Timestamp>) -> Option<Moment> {
        let (when, act) = self.agenda.take()?;
        self.now = when;
        self.at = at.unwrap_or_else(|| when.since(self.start));
        let events = self.perform(act)?.into_events();
        self.told += 1;
        let mut append = Append { events, ..Append::default() };
        for event in &append.events {
            let version = self.versions.get(&event.stream).copied();
            if !append.expected.iter().any(|(stream, _)| *stream == event.stream) {
                let expected = version.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exactly);
                append.expected.push((event.stream.clone(), expected));
            }
            let next = version.map_or(StreamVersion::FIRST, StreamVersion::next);
            self.versions.insert(event.stream.clone(), next);
        }
        for stream in self.closing.drain(..) {
            self.versions.remove(&stream);
        }
        Some(Moment { at: self.at, append })
    }

    /// Begins to tell the act.
    pub(crate) fn telling(&mut self) -> Telling {
        let lag = self.chance.span(Span::milliseconds(3), Span::milliseconds(90));
        self.telling_late(lag)
    }

    /// Begins to tell an act that is recorded so long after it happened.
    pub(crate) fn telling_late(&self, lag: Span) -> Telling {
        let numbers = [self.seed, self.start.as_micros().cast_unsigned(), self.told].map(u64::to_be_bytes);
        let mut identity = [0; 24];
        identity.copy_from_slice(numbers.as_flattened());
        Telling::new(self.at, lag, identity)
    }

    /// The version that a stream will have after what was told.
    pub(crate) fn version_after(&self, stream: &StreamName, told: u64) -> StreamVersion {
        StreamVersion(self.versions.get(stream).map_or(0, |version| version.0) + told)
    }

    /// Forgets streams, once the act is told: nothing will happen to them any more.
    pub(crate) fn close(&mut self, streams: [StreamName; 2]) {
        self.closing.extend(streams);
    }
}
