mod dead_letters;
mod interrupt;
mod mapping;
mod report;
mod source;

use std::path::PathBuf;
use std::sync::Arc;

use annals::Log;
use annals_connect::{DeadLetterSink, Import, ImportReport, LettersInLog, Mapping, Preset, SchemaCheck};
use clap::Args;

use crate::failure::Failure;
use crate::output::print_document;
use crate::progress::Progress;
use crate::shell::Shell;

use dead_letters::DeadLetterFile;
use interrupt::Interrupt;
use report::ReportDocument;
use source::{Input, InputFormat};

/// Import records from files
///
/// Reads JSONL or CSV (by the file's extension), also compressed (.gz), in constant memory. --map says how a
/// record becomes events: a preset, or a file with a jq program that gets one record as '.' (a CSV row as an
/// object by header), $source and $line, and returns no, one or several events with eventType, aggregateType,
/// aggregateId, and if wanted eventId, timestamp, actorId, schemaVersion, tags, metadata, payload. Without
/// payload, the record's own bytes are the payload; error("why") refuses a record.
///
/// What cannot be stored goes with its reason, source and line to the dead-letter file, or into the log, where
/// the web UI and the API list it to be mended; the rest is imported, and the exit code is 3. Importing is safe to repeat: importing a file again, also after it grew, adds only
/// what is new. The store and its signing key are made on first use.
///
/// As JSON, the report of each source has the members source, read, appended, repeated, skipped, rejected,
/// seconds and eventsPerSecond.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The files, or - for standard input, which needs --source
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A preset (annals, microservice, aggregate, task, audit-log, trading, cloudevents) or a file with a jq
    /// program
    #[arg(long, value_name = "PRESET|FILE.jq", default_value_t = Preset::Annals.to_string())]
    map: String,
    /// What the source is called in ids and contexts [default: the file's name without folder and .gz]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// How records are written [default: by the file's extension, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// Where records go that cannot be stored; lines are added to its end [default: beside the store,
    /// annals.dead-letters.jsonl]
    #[arg(long, value_name = "FILE")]
    dead_letters: Option<PathBuf>,
    /// Keep what cannot be stored in the log itself rather than in a file; each record once, however often it
    /// is imported
    #[arg(long, conflicts_with = "dead_letters")]
    dead_letters_in_log: bool,
}

/// How records become events, and what these must pass.
#[derive(Clone)]
struct Admission {
    mapping: Mapping,
    check: Arc<SchemaCheck>,
}

/// Imports every file and reports.
pub(crate) async fn run(args: ImportArgs, shell: &Shell) -> Result<(), Failure> {
    let mapping = mapping::of(&args.map, &shell.config.import)?;
    let check = Arc::new(shell.config.validation.check()?);
    let inputs = source::inputs(&args.files, args.source, args.input_format)?;
    let file = args.dead_letters.unwrap_or_else(|| {
        let log = shell.location().file_of(shell.log());
        log.unwrap_or_else(|| PathBuf::from(shell.log().as_str())).with_extension("dead-letters.jsonl")
    });
    let mut log = shell.open_for_appending().await?;
    let admission = Admission { mapping, check };
    let interrupt = Interrupt::default();
    let (outcome, place) = if args.dead_letters_in_log {
        let mut letters = LettersInLog::new(log.store().as_ref());
        let work = import_all(inputs, admission, &log, &mut letters, &interrupt, shell);
        (interrupt.watch(work).await, "in the log, for 'annals serve' to show under Dead letters".to_owned())
    } else {
        let mut letters = DeadLetterFile::new(file);
        let work = import_all(inputs, admission, &log, &mut letters, &interrupt, shell);
        (interrupt.watch(work).await, format!("in {}", letters.path().display()))
    };
    if matches!(outcome, Err(Failure::Interrupted)) {
        // Snapshots that are due stay due.
        log.stop_snapshots();
    }
    shell.close(log).await?;
    let (read, rejected) = outcome?;
    if rejected == 0 {
        return Ok(());
    }
    shell.console.remark(&format!("note: what was not stored stands {place}"));
    Err(Failure::NotAllStored { rejected, read })
}

/// Imports files into a log that is open, with the mapping of this name; how many records were read, and how many of them
/// not stored. What was not stored goes to the file `letters`.
///
/// # Errors
/// [`Failure`] when the mapping or a file cannot be used, or the import stops.
pub(crate) async fn into_log(
    files: &[PathBuf],
    map: &str,
    log: &Log,
    letters: PathBuf,
    shell: &Shell,
) -> Result<(u64, u64), Failure> {
    let mapping = mapping::of(map, &shell.config.import)?;
    let check = Arc::new(shell.config.validation.check()?);
    let (mut letters, interrupt) = (DeadLetterFile::new(letters), Interrupt::default());
    let (mut read, mut rejected) = (0, 0);
    for input in source::inputs(files, None, None)? {
        let admission = Admission { mapping: mapping.clone(), check: check.clone() };
        let work = import_one(input, admission, log, &mut letters, &interrupt, shell);
        let report = interrupt.watch(work).await?;
        read += report.read;
        rejected += report.rejected;
    }
    Ok((read, rejected))
}

/// Imports one input after the other; how many records were read, and how many of them not stored.
async fn import_all(
    inputs: Vec<Input>,
    admission: Admission,
    log: &Log,
    letters: &mut dyn DeadLetterSink,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<(u64, u64), Failure> {
    let (mut read, mut rejected) = (0, 0);
    for input in inputs {
        let report = import_one(input, admission.clone(), log, letters, interrupt, shell).await?;
        read += report.read;
        rejected += report.rejected;
        print_document(&ReportDocument(report), &shell.console)?;
    }
    Ok((read, rejected))
}

async fn import_one(
    input: Input,
    admission: Admission,
    log: &Log,
    letters: &mut dyn DeadLetterSink,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<ImportReport, Failure> {
    let (reader, bytes) = input.open()?;
    let bar = Progress::of_bytes(bytes, &shell.console);
    let mut import = Import::new(input.name, input.format, admission.mapping);
    import.checks.push(admission.check);
    let tell = |progress: annals_connect::Progress| bar.at(progress.bytes_read, progress.events);
    let report = import.run(interrupt.guard(reader), log.events(), letters, tell).await;
    bar.end();
    Ok(report?)
}
