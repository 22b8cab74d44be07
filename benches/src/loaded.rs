use std::time::Instant;

use annals::JsonPointer;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::floor::{EqualReader, Floor, Guard, Lean, LeanReader, SharedEvents};
use crate::own_log::{OwnLog, Place};
use crate::question::{INVOICE_PATH, Question};
use crate::rounds::{Contender, Measured, settle};
use crate::settings::{Settings, runtime};
use crate::work::{PER_APPEND, append_pipelined, to_append};

/// The same events in the store, in a plain table, and open to a raw client of the store's own files.
pub(crate) struct Loaded {
    own: Option<OwnLog>,
    lean: LeanReader,
    equal: EqualReader,
    runtime: Runtime,
    _folder: TempDir,
}

impl Loaded {
    /// Writes `count` events, untimed.
    pub(crate) fn with_events(settings: &Settings, shape: Shape, count: usize) -> Result<Self> {
        let folder = settings.fresh_folder()?;
        let path = folder.path();
        let events: SharedEvents = Generator::new(shape).take(count)?.into();
        let runtime = runtime()?;
        runtime.block_on(load(&path.into(), &events, payload_paths()?))?;
        let numbers: Vec<usize> = (0..count).collect();
        let mut lean = Lean::create(path, events)?;
        numbers.chunks(PER_APPEND).try_for_each(|rows| lean.write(rows, Guard::None))?;
        drop(lean);
        let lean = LeanReader::open(path)?;
        let own = runtime.block_on(OwnLog::open(&path.into(), payload_paths()?))?;
        let equal = EqualReader::open(path)?;
        settle();
        Ok(Self { own: Some(own), lean, equal, runtime, _folder: folder })
    }

    /// Asks one contender one question after the other; the events of all answers.
    pub(crate) fn ask(&self, contender: Contender, questions: &[Question]) -> Result<Measured> {
        match (contender, &self.own) {
            (Contender::Own, Some(own)) => self.runtime.block_on(ask_own(own, questions)),
            (Contender::Own, None) => Err(BenchError::EndedEarly { what: "the log" }),
            (Contender::Lean, _) => ask_floor(questions, |question| self.lean.ask(question)),
            _ => ask_floor(questions, |question| self.equal.ask(question)),
        }
    }
}

/// Asks as a task of an application does.
pub(crate) async fn ask_own(own: &OwnLog, questions: &[Question]) -> Result<Measured> {
    let mut measured = Measured::default();
    for question in questions {
        let start = Instant::now();
        let events = own.ask(question).await?;
        measured.answered(events, start.elapsed());
    }
    Ok(measured)
}

fn ask_floor(questions: &[Question], mut ask: impl FnMut(&Question) -> Result<u64>) -> Result<Measured> {
    let mut measured = Measured::default();
    for question in questions {
        let start = Instant::now();
        let events = ask(question)?;
        measured.answered(events, start.elapsed());
    }
    Ok(measured)
}

impl Drop for Loaded {
    fn drop(&mut self) {
        if let Some(own) = self.own.take()
            && let Err(error) = self.runtime.block_on(own.close())
        {
            eprintln!("the measured log cannot be closed: {error}");
        }
    }
}

/// Fills a log that is made for it, and closes it.
pub(crate) async fn load(
    place: &Place,
    events: &SharedEvents,
    payload_paths: Vec<JsonPointer>,
) -> Result<()> {
    let own = OwnLog::open(place, payload_paths).await?;
    for events in events.chunks(PER_APPEND * 10) {
        let appends = events.chunks(PER_APPEND).map(to_append).collect::<Result<Vec<_>>>()?;
        append_pipelined(&own, appends, &mut Measured::default()).await?;
    }
    own.wait_until_indexed(events.len() as u64).await?;
    own.close().await
}

/// The paths that are indexed.
pub(crate) fn payload_paths() -> Result<Vec<JsonPointer>> {
    let path = INVOICE_PATH.parse();
    Ok(vec![path.map_err(|_| BenchError::Unlike { what: format!("{INVOICE_PATH} is no payload path") })?])
}
