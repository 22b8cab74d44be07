use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::error::{BenchError, Result};
use crate::settings::Settings;
use crate::timing::Latencies;

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contender {
    /// The store of this project.
    Own,
    /// A raw client with a plain table and three indexes.
    Lean,
    /// A raw client with the store's own tables.
    Equal,
    /// The store again, written by several processes.
    Processes,
    /// Raw clients with a connection each.
    Connections,
    /// The store behind a server, asked over HTTP.
    Http,
}

/// Those who take part where stores are files.
pub(crate) const IN_FILES: &[Contender] = &[Contender::Own, Contender::Lean, Contender::Equal];

/// Those who take part where stores are on a server.
pub(crate) const ON_SERVER: &[Contender] = &[Contender::Own, Contender::Lean];

/// Those who take part where it is asked over HTTP.
pub(crate) const OVER_HTTP: &[Contender] = &[Contender::Own, Contender::Http];

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
pub(crate) struct Round(BTreeMap<Contender, Measured>);

impl Round {
    /// What one of them did, if it took part.
    pub(crate) fn of(&self, contender: Contender) -> Option<&Measured> {
        self.0.get(&contender)
    }
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
    contenders: &[Contender],
    mut run: impl FnMut(Contender) -> Result<Measured>,
) -> Result<Vec<Round>> {
    (0..settings.rounds)
        .map(|round| {
            let mut order = contenders.to_vec();
            order.rotate_left(round % contenders.len().max(1));
            let mut measured = BTreeMap::new();
            for contender in order {
                measured.insert(contender, run(contender)?);
            }
            let mut events = measured.values().map(|measured| measured.events);
            let first = events.next();
            if events.any(|events| Some(events) != first) {
                let events: Vec<String> = measured
                    .iter()
                    .map(|(who, measured)| format!("{who:?} had {} events", measured.events))
                    .collect();
                return Err(BenchError::Unlike { what: events.join(", ") });
            }
            Ok(Round(measured))
        })
        .collect()
}

/// The same with a fresh folder for each contender in each round, beside the others'.
pub(crate) fn side_by_side_afresh(
    settings: &Settings,
    mut run: impl FnMut(Contender, &Path) -> Result<Measured>,
) -> Result<Vec<Round>> {
    side_by_side(settings, IN_FILES, |contender| {
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
