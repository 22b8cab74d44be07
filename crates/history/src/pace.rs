use std::time::Duration;

use tokio::time::sleep;

/// How much a [`Snapshotter`](crate::Snapshotter) takes of the machine on which others append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Whoever opens a log for no longer than this is spared the look at all aggregates with which the work begins.
    pub short_visit: Duration,
    /// How long the log is left to itself between two looks.
    pub look_every: Duration,
    /// A log that grew by so many events since the last look is busy, and is left alone.
    pub busy_events: u64,
    /// But no longer than this; then it is taken care of all the same.
    pub patience: Duration,
    /// How long it rests between two pieces of work.
    pub rest: Rest,
}

/// For how many times as long as a piece of work took nothing is done behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest(pub u32);

impl Default for Pace {
    /// A look every second; a log is busy with 2,000 events between two of them, and left alone for a minute; a
    /// twentieth of a processor at the most.
    fn default() -> Self {
        Self {
            short_visit: Duration::from_secs(3),
            look_every: Duration::from_secs(1),
            busy_events: 2_000,
            patience: Duration::from_secs(60),
            rest: Rest(19),
        }
    }
}

/// Shorter rests are added up, because a timer cannot keep them.
const REST_MIN: Duration = Duration::from_millis(5);

impl Rest {
    /// One piece of work after the other.
    pub const NONE: Self = Self(0);

    /// Rests for a piece of work that took so long, and for those before it for which there was no rest yet.
    pub(crate) async fn after(self, worked: Duration, owed: &mut Duration) {
        *owed += worked * self.0;
        if *owed >= REST_MIN {
            sleep(std::mem::take(owed)).await;
        }
    }
}
