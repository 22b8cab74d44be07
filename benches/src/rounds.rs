use std::path::Path;
use std::time::Duration;

use crate::error::{BenchError, Result};
use crate::settings::Settings;
use crate::timing::Latencies;

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// The store of this project.
    Own,
    /// A raw client with a plain table and three indexes.
    Lean,
    /// A raw client with the store's own tables.
    Equal,
}

/// What one contender did in one round.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) events: u64,
    /// Until the last event was acknowledged.
    pub(crate) seconds: f64,
    /// Until the last event was indexed as well.
    pub(crate) indexed_seconds: f64,
    /// On disk after closing, where that is of interest.
    pub(crate) bytes: u64,
    pub(crate) latencies: Latencies,
}

/// What the contenders did side by side.
pub(crate) struct Round {
    pub(crate) own: Measured,
    pub(crate) lean: Measured,
    pub(crate) equal: Measured,
}

impl Measured {
    /// One more question was answered, with so many events.
    pub(crate) fn answered(&mut self, events: u64, latency: Duration) {
        self.events += events;
        self.seconds += latency.as_secs_f64();
        self.latencies.push(latency);
    }

    pub(crate) fn events_per_second(&self) -> f64 {
        self.events as f64 / self.seconds
    }

    pub(crate) fn indexed_per_second(&self) -> f64 {
        self.events as f64 / self.indexed_seconds
    }
}

/// Has all contenders do the same work, round by round, in another order each time.
pub(crate) fn side_by_side(
    settings: &Settings,
    mut run: impl FnMut(Contender) -> Result<Measured>,
) -> Result<Vec<Round>> {
    (0..settings.rounds)
        .map(|round| {
            let mut order = [Contender::Own, Contender::Lean, Contender::Equal];
            order.rotate_left(round % 3);
            let mut own = Measured::default();
            let (mut lean, mut equal) = (Measured::default(), Measured::default());
            for contender in order {
                let measured = run(contender)?;
                match contender {
                    Contender::Own => own = measured,
                    Contender::Lean => lean = measured,
                    Contender::Equal => equal = measured,
                }
            }
            if own.events != lean.events || own.events != equal.events {
                let what = format!(
                    "the store had {} events, the lean floor {}, the equal floor {}",
                    own.events, lean.events, equal.events
                );
                return Err(BenchError::Unlike { what });
            }
            Ok(Round { own, lean, equal })
        })
        .collect()
}

/// The same with a fresh folder for each contender in each round, beside the others'.
pub(crate) fn side_by_side_afresh(
    settings: &Settings,
    mut run: impl FnMut(Contender, &Path) -> Result<Measured>,
) -> Result<Vec<Round>> {
    side_by_side(settings, |contender| {
        let folder = settings.fresh_folder()?;
        settle();
        run(contender, folder.path())
    })
}

/// Waits until the system has written what others left in memory, so that nobody pays for it.
pub(crate) fn settle() {
    #[cfg(unix)]
    rustix::fs::sync();
}
