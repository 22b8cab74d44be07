use std::path::Path;

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
    pub(crate) fn events_per_second(&self) -> f64 {
        self.events as f64 / self.seconds
    }

    pub(crate) fn indexed_per_second(&self) -> f64 {
        self.events as f64 / self.indexed_seconds
    }
}

/// Has all contenders do the same work, round by round, each in a fresh folder beside the others', and in another
/// order each time.
pub(crate) fn rounds(
    settings: &Settings,
    mut run: impl FnMut(Contender, &Path) -> Result<Measured>,
) -> Result<Vec<Round>> {
    let mut rounds = Vec::new();
    for round in 0..settings.rounds {
        let mut order = [Contender::Own, Contender::Lean, Contender::Equal];
        order.rotate_left(round % 3);
        let mut measured = Vec::new();
        for contender in order {
            let folder = settings.fresh_folder()?;
            settle();
            measured.push((contender, run(contender, folder.path())?));
        }
        let mut of = |wanted| {
            let at = measured.iter().position(|(contender, _)| *contender == wanted);
            at.map(|at| measured.swap_remove(at).1).ok_or(BenchError::EndedEarly { what: "a round" })
        };
        let round =
            Round { own: of(Contender::Own)?, lean: of(Contender::Lean)?, equal: of(Contender::Equal)? };
        if round.own.events != round.lean.events || round.own.events != round.equal.events {
            return Err(BenchError::Unlike {
                what: "the contenders wrote different numbers of events".into(),
            });
        }
        rounds.push(round);
    }
    Ok(rounds)
}

/// Waits until the system has written what others left in memory, so that nobody pays for it.
pub(crate) fn settle() {
    #[cfg(unix)]
    rustix::fs::sync();
}
