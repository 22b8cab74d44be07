//! What is done to a whole log, interrupted.

use std::path::Path;
use std::time::Duration;

use annals_failpoint::Point;
use tempfile::TempDir;

use super::{Ended, Run, Trial};
use crate::check::{Before, check_deed};
use crate::unreliable_disk::{Cut, DiskFault};
use crate::victim::{CUT_AFTERWARDS, Deed};
use crate::{Failure, Place};

/// How a deed is interrupted.
#[derive(Debug, Clone)]
pub enum Interruption {
    /// The process is killed so long after its start.
    Kill(Duration),
    /// The power goes before this operation on the disk, counted from 1.
    Cut(u64),
    /// The power goes as soon as the deed is said to be done.
    CutAfterwards,
    /// The process dies when it passes a failpoint for this time, from 1.
    Death(Point, u64),
    /// The power goes then.
    CutAt(Point, u64),
    /// The failpoint fails then.
    Failure(Point, u64),
    /// The disk misbehaves.
    Disk(DiskFault),
}

/// A log at rest, and one interrupted deed after the other, each on a copy of it.
pub struct DeedTrial {
    trial: Trial,
    deed: Deed,
    at_rest: (TempDir, Place),
}

impl DeedTrial {
    /// Makes a log that was written, signed and backed up. `victim` is the program; what is random follows from the
    /// seed.
    ///
    /// # Errors
    /// What is wrong with it already.
    pub fn new(victim: &Path, deed: Deed, seed: u64) -> Result<Self, Failure> {
        let mut trial = Trial::new(victim, None, seed)?;
        let backups = trial.place.backup();
        let backups = backups.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(backups).map_err(Failure::file(backups))?;
        let writing = Run { rounds: Some(5), payload_bytes: 5_000, ..Run::default() };
        for ended in [trial.run(&writing)?, trial.carry_out(Deed::BackUp, &Run::default())?] {
            if ended != Ended::Closed {
                return Err(Failure::Broken(format!("no log at rest: {ended:?}")));
            }
        }
        let folder = TempDir::with_prefix("annals-at-rest-").map_err(Failure::file(&std::env::temp_dir()))?;
        let place = trial.place.copy_to(folder.path())?;
        std::fs::copy(trial.place.witness(), place.witness()).map_err(Failure::file(&place.witness()))?;
        Ok(Self { trial, deed, at_rest: (folder, place) })
    }

    /// Has a process begin the deed, interrupts it, and checks what is left; then does it to its end, and checks again.
    /// How the interrupted process ended: one that closed the log was not interrupted.
    ///
    /// # Errors
    /// What is wrong.
    pub fn interrupt(&mut self, interruption: &Interruption) -> Result<Ended, Failure> {
        let before = self.begin_with_a_copy()?;
        let ended = self.carry_out_interrupted(interruption)?;
        check_deed(&self.trial.place, self.deed, &before)?;
        match self.trial.carry_out(self.deed, &Run::default())? {
            Ended::Closed => check_deed(&self.trial.place, self.deed, &before).map(|()| ended),
            again => {
                let told = self.trial.refusals()?;
                Err(Failure::Broken(format!("it cannot be done again: {again:?}, {told:?}")))
            }
        }
    }

    fn begin_with_a_copy(&mut self) -> Result<Before, Failure> {
        let (_, at_rest) = &self.at_rest;
        self.trial.begin_anew()?;
        let place = at_rest.copy_to(self.trial.folder.path())?;
        std::fs::copy(at_rest.witness(), place.witness()).map_err(Failure::file(&place.witness()))?;
        Before::of(at_rest)
    }

    fn carry_out_interrupted(&mut self, interruption: &Interruption) -> Result<Ended, Failure> {
        let at =
            |point: &Point, what: &str, passing: &u64| Some(format!("{}={what}@{passing}", point.name()));
        let disk = Run { disk: true, ..Run::default() };
        let run = match interruption {
            Interruption::Kill(after) => return self.kill_after(*after),
            Interruption::CutAfterwards => return self.cut_afterwards(&disk),
            Interruption::Cut(operation) => Run { cut: Some(Cut::BeforeOperation(*operation)), ..disk },
            Interruption::Death(point, passing) => {
                Run { failpoints: at(point, "abort", passing), ..Run::default() }
            }
            Interruption::CutAt(point, passing) => Run { failpoints: at(point, "abort", passing), ..disk },
            Interruption::Failure(point, passing) => {
                Run { failpoints: at(point, "error", passing), ..Run::default() }
            }
            Interruption::Disk(fault) => Run { fault: Some(fault.clone()), ..disk },
        };
        self.trial.carry_out(self.deed, &run)
    }

    fn cut_afterwards(&mut self, run: &Run) -> Result<Ended, Failure> {
        let arguments = self.deed.to_arguments(&self.trial.place).into_iter().chain([CUT_AFTERWARDS.into()]);
        let victim = self.trial.start_with(arguments, run)?;
        self.trial.wait(victim, run)
    }

    fn kill_after(&mut self, after: Duration) -> Result<Ended, Failure> {
        let run = Run::default();
        let mut victim = self.trial.start_with(self.deed.to_arguments(&self.trial.place), &run)?;
        std::thread::sleep(after);
        victim.kill().map_err(Failure::file(&self.trial.victim))?;
        self.trial.wait(victim, &run)
    }
}

impl Trial {
    fn carry_out(&mut self, deed: Deed, run: &Run) -> Result<Ended, Failure> {
        let victim = self.start_with(deed.to_arguments(&self.place), run)?;
        self.wait(victim, run)
    }
}
