mod interrupted;

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use annals_failpoint::{BUG_VARIABLE, Bug, POINT_VARIABLE, Point};
use fastrand::Rng;
use tempfile::TempDir;

use crate::check::{Opening, check};
use crate::unreliable_disk::{CUT_STATUS, Cut, DiskFault, put_below, take_what_is_left};
use crate::victim::{GAVE_UP, Order};
use crate::witness::Testimony;
use crate::{Failure, Place};

pub use interrupted::{DeedTrial, Interruption};

/// No victim takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// So long a disk stays full below a victim that does not complain of it.
const SUFFERS_IN_SILENCE: Duration = Duration::from_secs(3);

/// A log is used for so many cycles, then a new one is begun: checks grow with it.
const CYCLES_PER_LOG: u32 = 10;

/// How a victim runs.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// How many rounds each client does; without end if there is no number.
    pub rounds: Option<u64>,
    /// How large payloads are at most.
    pub payload_bytes: usize,
    /// How many events may wait to be indexed; as many as usual if there is no number.
    pub tail_events_max: Option<usize>,
    /// Failpoints, as `annals-failpoint` has them.
    pub failpoints: Option<String>,
    /// Whether the victim has a disk that loses what was not synced.
    pub disk: bool,
    /// When the power goes.
    pub cut: Option<Cut>,
    /// What else the disk does.
    pub fault: Option<DiskFault>,
}

/// How a victim ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It closed the log.
    Closed,
    /// It gave up: the store stayed unavailable.
    GaveUp,
    /// It was killed, or died at a failpoint.
    Killed,
    /// The power was cut.
    Cut,
}

/// A log in a folder of its own, and one victim after the other.
pub struct Trial {
    victim: PathBuf,
    bug: Option<Bug>,
    rng: Rng,
    folder: TempDir,
    place: Place,
    cycles: u32,
}

impl Trial {
    /// A trial with an empty folder. `victim` is the program; what is random follows from the seed.
    ///
    /// # Errors
    /// [`Failure::File`].
    pub fn new(victim: &Path, bug: Option<Bug>, seed: u64) -> Result<Self, Failure> {
        let (folder, place) = new_place()?;
        Ok(Self { victim: victim.to_owned(), bug, rng: Rng::with_seed(seed), folder, place, cycles: 0 })
    }

    /// Begins a new log.
    ///
    /// # Errors
    /// [`Failure::File`].
    pub fn begin_anew(&mut self) -> Result<(), Failure> {
        (self.folder, self.place) = new_place()?;
        self.cycles = 0;
        Ok(())
    }

    /// Kills a victim at a random moment, and checks what is left.
    ///
    /// # Errors
    /// What is wrong.
    pub fn kill(&mut self) -> Result<(), Failure> {
        self.next_cycle()?;
        // Now and then so much is written that the write-ahead log is folded into the file.
        let is_heavy = self.rng.u8(..25) == 0;
        let run = Run { payload_bytes: if is_heavy { 400_000 } else { 600 }, ..Run::default() };
        let mut victim = self.start(&run)?;
        if self.rng.u8(..8) > 0 {
            self.wait_for_progress(&mut victim)?;
        }
        let moment = if is_heavy { self.rng.u64(100_000..250_000) } else { self.rng.u64(..30_000) };
        std::thread::sleep(Duration::from_micros(moment));
        victim.kill().map_err(Failure::file(&self.victim))?;
        self.wait(victim, &run)?;
        self.check()
    }

    /// Cuts the power below a victim at a random moment, and checks what the disk holds.
    ///
    /// # Errors
    /// What is wrong.
    pub fn cut(&mut self) -> Result<(), Failure> {
        self.next_cycle()?;
        let payload_bytes = if self.rng.u8(..25) == 0 { 400_000 } else { 600 };
        let cut = Some(if self.rng.bool() {
            // As many cuts fall among the first ten operations as among the next hundred.
            let magnitude = self.rng.u32(1..12);
            Cut::BeforeOperation(self.rng.u64(1..=1 << magnitude))
        } else {
            Cut::AfterMicros(self.rng.u64(1..50_000))
        });
        match self.run(&Run { disk: true, cut, payload_bytes, ..Run::default() })? {
            Ended::Cut => self.check(),
            ended => Err(Failure::Broken(format!("the power was not cut: {ended:?}"))),
        }
    }

    /// Has a victim die at a failpoint, by itself or with the power, and checks what is left.
    ///
    /// # Errors
    /// What is wrong; also if the victim never came there.
    pub fn die_at(&mut self, point: Point, passing: u64, disk: bool) -> Result<(), Failure> {
        self.begin_anew()?;
        let failpoints = Some(format!("{}{}=abort@{passing}", what_leads_to(point), point.name()));
        let run = Run { failpoints, disk, ..run_that_passes(point) };
        match self.run(&run)? {
            Ended::Killed | Ended::Cut => self.check(),
            ended => Err(Failure::Broken(format!("{} was not passed so often: {ended:?}", point.name()))),
        }
    }

    /// Has a failpoint fail once, and checks that the victim came through it or was told to open the log again.
    ///
    /// # Errors
    /// What is wrong.
    pub fn fail_at(&mut self, point: Point, passing: u64) -> Result<Ended, Failure> {
        self.fail_with(&format!("{}{}=error@{passing}", what_leads_to(point), point.name()), point)
    }

    /// As [`Self::fail_at`], with failpoints of any kind, on a run that passes `point`.
    ///
    /// # Errors
    /// What is wrong.
    pub fn fail_with(&mut self, failpoints: &str, point: Point) -> Result<Ended, Failure> {
        self.begin_anew()?;
        let failpoints = Some(failpoints.to_owned());
        self.survive(&Run { failpoints, disk: cfg!(target_os = "linux"), ..run_that_passes(point) })
    }

    /// Has the disk misbehave, and checks that the victim came through it or was told what to do.
    ///
    /// # Errors
    /// What is wrong.
    pub fn misbehave(&mut self, fault: DiskFault) -> Result<Ended, Failure> {
        self.next_cycle()?;
        let run =
            Run { rounds: Some(12), payload_bytes: 600, fault: Some(fault), disk: true, ..Run::default() };
        self.survive(&run)
    }

    /// Has the disk misbehave below a store that lets few events wait for the index, for so many rounds that more
    /// would have to wait, and checks that the victim came through it.
    ///
    /// # Errors
    /// What is wrong.
    pub fn misbehave_with_a_short_tail(&mut self, fault: DiskFault) -> Result<Ended, Failure> {
        self.begin_anew()?;
        let run = Run {
            rounds: Some(40),
            payload_bytes: 600,
            tail_events_max: Some(50),
            fault: Some(fault),
            disk: true,
            ..Run::default()
        };
        self.survive(&run)
    }

    /// Runs a victim that must close the log or give up, then one that nothing befalls; checks after each.
    fn survive(&mut self, run: &Run) -> Result<Ended, Failure> {
        let ended = self.run(run)?;
        if !matches!(ended, Ended::Closed | Ended::GaveUp) {
            return Err(Failure::Broken(format!("the victim did not bear {run:?}: {ended:?}")));
        }
        self.check()?;
        let healthy = Run { rounds: Some(2), payload_bytes: 100, ..Run::default() };
        match self.run(&healthy)? {
            Ended::Closed => self.check().map(|()| ended),
            ended => Err(Failure::Broken(format!("the log cannot be written again: {ended:?}"))),
        }
    }

    /// What was answered instead of a promise.
    ///
    /// # Errors
    /// [`Failure::Broken`] if the witness contradicts itself.
    pub fn refusals(&self) -> Result<Vec<String>, Failure> {
        Ok(Testimony::read(&self.place)?.refusals)
    }

    /// Where the log lies.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.place.log()
    }

    fn next_cycle(&mut self) -> Result<(), Failure> {
        if self.cycles >= CYCLES_PER_LOG {
            self.begin_anew()?;
        }
        self.cycles += 1;
        Ok(())
    }

    fn check(&mut self) -> Result<(), Failure> {
        let opening = self.rng.choice(Opening::ALL).unwrap_or(Opening::InPlace);
        check(&self.place, opening).inspect_err(|_| {
            if self.bug.is_none() {
                self.folder.disable_cleanup(true);
                eprintln!("what is left lies in {} ({opening:?})", self.folder.path().display());
            }
        })
    }

    fn run(&mut self, run: &Run) -> Result<Ended, Failure> {
        let victim = self.start(run)?;
        self.wait(victim, run)
    }

    fn start(&mut self, run: &Run) -> Result<Child, Failure> {
        let order = Order {
            place: self.place.clone(),
            seed: self.rng.u64(..),
            rounds: run.rounds,
            payload_bytes: run.payload_bytes,
            tail_events_max: run.tail_events_max,
        };
        self.start_with(order.to_arguments(), run)
    }

    /// Starts the program with arguments of its own; of the run counts what befalls it.
    fn start_with(
        &mut self,
        arguments: impl IntoIterator<Item = OsString>,
        run: &Run,
    ) -> Result<Child, Failure> {
        let mut victim = Command::new(&self.victim);
        victim.args(arguments);
        if let Some(failpoints) = &run.failpoints {
            victim.env(POINT_VARIABLE, failpoints);
        }
        if let Some(bug) = self.bug {
            victim.env(BUG_VARIABLE, bug.name());
        }
        if run.disk {
            put_below(&mut victim, &self.place, self.rng.u64(..), run.cut, run.fault.as_ref())?;
        }
        let said = File::create(self.said()).map_err(Failure::file(&self.said()))?;
        victim.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        victim.spawn().map_err(Failure::file(&self.victim))
    }

    /// Where the victim's standard error goes.
    fn said(&self) -> PathBuf {
        self.folder.path().join("said")
    }

    fn wait_for_progress(&self, victim: &mut Child) -> Result<(), Failure> {
        let length = || std::fs::metadata(self.place.witness()).map_or(0, |witness| witness.len());
        let (before, give_up) = (length(), Instant::now() + PATIENCE);
        while length() == before {
            let ended = victim.try_wait().map_err(Failure::file(&self.victim))?;
            if let Some(status) = ended {
                return Err(self.ended_badly(status));
            }
            if Instant::now() > give_up {
                return Err(Failure::Broken("the victim makes no progress".into()));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    fn wait(&self, mut victim: Child, run: &Run) -> Result<Ended, Failure> {
        let is_full = matches!(run.fault, Some(DiskFault::Full { .. }));
        let begun = Instant::now();
        let give_up = begun + PATIENCE;
        let status = loop {
            if let Some(status) = victim.try_wait().map_err(Failure::file(&self.victim))? {
                break status;
            }
            if Instant::now() > give_up {
                victim.kill().and_then(|()| victim.wait()).map_err(Failure::file(&self.victim))?;
                return Err(Failure::Broken("the victim does not end".into()));
            }
            if is_full && !self.place.freed().exists() {
                let has_complained = !self.refusals()?.is_empty();
                if has_complained || begun.elapsed() > SUFFERS_IN_SILENCE {
                    std::thread::sleep(Duration::from_millis(20));
                    File::create(self.place.freed()).map_err(Failure::file(&self.place.freed()))?;
                }
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        match (status.code(), status.signal()) {
            (Some(0), _) => Ok(Ended::Closed),
            (Some(code), _) if code == i32::from(GAVE_UP) => Ok(Ended::GaveUp),
            (Some(CUT_STATUS), _) => take_what_is_left(&self.place).map(|()| Ended::Cut),
            // SIGABRT is how a failpoint kills, SIGKILL how the trial does.
            (_, Some(6 | 9)) => Ok(Ended::Killed),
            _ => Err(self.ended_badly(status)),
        }
    }

    fn ended_badly(&self, status: ExitStatus) -> Failure {
        let said = std::fs::read_to_string(self.said()).unwrap_or_default();
        Failure::Victim { how: status.to_string(), said: said.trim_end().to_owned() }
    }
}

fn new_place() -> Result<(TempDir, Place), Failure> {
    let folder = TempDir::with_prefix("annals-durability-").map_err(Failure::file(&std::env::temp_dir()))?;
    let place = Place::new(folder.path())?;
    Ok((folder, place))
}

/// What must fail before, so that a point is passed.
fn what_leads_to(point: Point) -> String {
    match point {
        Point::TruthBeforeRollback | Point::TruthBeforeReopen | Point::TruthAfterReopen => {
            format!("{}=error@4,", Point::TruthBeforeCommit.name())
        }
        _ => String::new(),
    }
}

/// A run on whose way the point lies.
fn run_that_passes(point: Point) -> Run {
    let payload_bytes = match point {
        Point::FoldBefore | Point::FoldAfter => 1_000_000,
        _ => 600,
    };
    Run { rounds: Some(40), payload_bytes, ..Run::default() }
}
