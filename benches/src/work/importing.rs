//! Import of a log that Annals did not choose the form of, mapped by jq, beside bulk append.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use annals_connect::{Format, Import, JqMapping, Mapping, SourceName};

use super::{Work, bulk};
use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::floor::SharedEvents;
use crate::own_log::OwnLog;
use crate::report::Figure;
use crate::rounds::{Measured, settle};
use crate::settings::{Settings, runtime};
use crate::timing::{median, spread};

/// Records that are imported where no log is named: the example's, again and again.
const RECORDS: usize = 250_000;

const EXAMPLE: &str = include_str!("../../../examples/data/loans-small.jsonl");
const MAPPING: &str = include_str!("../../../examples/data/loans.jq");

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let runtime = runtime()?;
    let (mut imports, mut bulks) = (Vec::new(), Vec::new());
    let mut events: Option<SharedEvents> = None;
    for round in 0..settings.rounds {
        let imported = || {
            let folder = settings.fresh_folder()?;
            settle();
            runtime.block_on(import(folder.path(), settings))
        };
        // Bulk append comes second in the first round, since only then it is known how many events there are.
        let early = if round.is_multiple_of(2) { Some(imported()?) } else { None };
        let count = imports.first().or(early.as_ref()).map_or(0, |import: &Measured| import.events) as usize;
        let events = match &events {
            Some(events) => events,
            None => events.insert(Generator::new(Shape::Ordinary).take(count)?.into()),
        };
        let folder = settings.fresh_folder()?;
        settle();
        bulks.push(bulk::own(folder.path(), events)?);
        drop(folder);
        imports.push(match early {
            Some(import) => import,
            None => imported()?,
        });
    }
    let ratios: Vec<f64> = imports
        .iter()
        .zip(&bulks)
        .map(|(import, bulk)| import.events_per_second() / bulk.events_per_second())
        .collect();
    let [least, greatest] = spread(&ratios);
    let mut figure = Figure::alone(Work::Import, "loan log, mapped by jq", &imports);
    figure.more.extend([
        ("w3", median(bulks.iter().map(Measured::events_per_second).collect())),
        ("ratioW3Least", least),
        ("ratioW3Greatest", greatest),
        ("ratioW3", median(ratios)),
    ]);
    Ok(vec![figure])
}

async fn import(folder: &Path, settings: &Settings) -> Result<Measured> {
    let program = JqMapping::compile("loans.jq", MAPPING, settings.jq_worker.clone());
    let mapping = Mapping::Jq(program.map_err(|error| BenchError::Import { reason: error.to_string() })?);
    let failed = |error: annals_connect::ImportError| BenchError::Import { reason: error.to_string() };
    let import = Import::new(SourceName::new("loans").map_err(failed)?, Format::Jsonl, mapping);
    let own = OwnLog::open(&folder.into(), Vec::new()).await?;
    let mut refused = io::sink();
    let report =
        import.run(records(settings)?, own.log.events(), &mut refused, |_| {}).await.map_err(failed)?;
    own.close().await?;
    if report.appended != report.read {
        let reason = format!("only {} of {} records became new events", report.appended, report.read);
        return Err(BenchError::Import { reason });
    }
    let seconds = report.appended as f64 / report.events_per_second;
    Ok(Measured { events: report.appended, seconds, ..Measured::default() })
}

/// The named log, or the example's records over and over.
fn records(settings: &Settings) -> Result<Box<dyn Read + Send>> {
    if let Some(path) = &settings.loan_log {
        return Ok(Box::new(File::open(path).map_err(BenchError::file(path))?));
    }
    let mut wanted = settings.events.unwrap_or(RECORDS);
    let mut repeated = String::new();
    while wanted > 0 {
        for line in EXAMPLE.lines().take(wanted) {
            repeated.push_str(line);
            repeated.push('\n');
            wanted -= 1;
        }
    }
    Ok(Box::new(io::Cursor::new(repeated)))
}
