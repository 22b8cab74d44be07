use std::io::{self, Write};

use annals::history::{History, SnapshotSummary};
use annals::{JsonForm, StreamName, Timestamp};
use annals_wire::{Record, SnapshotDocument};
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Cell, Console, Document, Heading, Row, RowWriter, elapsed, print_document};
use crate::shell::Shell;

/// List the snapshots, or drop them
///
/// They come by aggregate and version, with their size and age. One that is not current was taken by another reducer
/// or other upcasters than those that are configured now; it is never used. Dropping snapshots costs time when they
/// are needed, and changes no answer.
///
/// As JSON, a snapshot has the members aggregate, version, takenAt (null where it cannot be read), bytes and isCurrent;
/// with --drop, the answer is {dropped}.
#[derive(Debug, Args)]
pub(crate) struct SnapshotsArgs {
    /// Drop them
    #[arg(long)]
    drop: bool,
    /// Only those of this aggregate
    #[arg(long, value_name = "TYPE/ID")]
    aggregate: Option<StreamName>,
}

/// Lists or drops snapshots.
pub(crate) async fn run(args: SnapshotsArgs, shell: &Shell) -> Result<(), Failure> {
    shell.must_exist()?;
    if !args.drop {
        let log = shell.open_for_reading().await?;
        return list(&shell.history(&log)?, args.aggregate.as_ref(), shell).await;
    }
    let log = shell.open_for_writing().await?;
    let dropped = match shell.history(&log) {
        Ok(history) => history.drop_snapshots(args.aggregate.as_ref()).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    shell.close(log).await?;
    print_document(&DroppedDocument { dropped: dropped? }, &shell.console)?;
    Ok(())
}

async fn list(history: &History, of: Option<&StreamName>, shell: &Shell) -> Result<(), Failure> {
    let console = &shell.console;
    let now = shell.reference().now;
    let mut rows = RowWriter::new::<SnapshotRow>(console.out(), console, JsonForm::Embedded);
    let mut snapshots = history.snapshots();
    while let Some(summary) = snapshots.next().await? {
        if of.is_none_or(|stream| *stream == summary.stream) {
            rows.row(&SnapshotRow { summary, now }, console)?;
        }
    }
    rows.finish::<SnapshotRow>()?;
    Ok(())
}

/// How many snapshots were dropped. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct DroppedDocument {
    dropped: u64,
}

/// A snapshot and the time at which somebody asks.
struct SnapshotRow {
    summary: SnapshotSummary,
    now: Timestamp,
}

impl Document for SnapshotDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        let Self { aggregate, version, bytes, .. } = self;
        writeln!(out, "kept the state of {aggregate} at version {version}, {bytes} bytes")
    }
}

impl Document for DroppedDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        match self.dropped {
            1 => writeln!(out, "dropped 1 snapshot"),
            dropped => writeln!(out, "dropped {dropped} snapshots"),
        }
    }
}

impl Record for SnapshotRow {
    const COLUMNS: &'static [&'static str] = &["aggregate", "version", "takenAt", "bytes", "isCurrent"];

    fn fields(&self) -> Vec<String> {
        let SnapshotDocument { aggregate, version, taken_at, bytes, is_current } = (&self.summary).into();
        vec![
            aggregate,
            version.to_string(),
            taken_at.unwrap_or_default(),
            bytes.to_string(),
            is_current.to_string(),
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        // Strings, numbers and booleans always become JSON.
        let json = serde_json::to_string(&SnapshotDocument::from(&self.summary));
        text.push_str(&json.unwrap_or_default());
    }
}

impl Row for SnapshotRow {
    const HEADINGS: &'static [Heading] = &[
        Heading::left("aggregate"),
        Heading::right("version"),
        Heading::right("bytes"),
        Heading::left("taken"),
        Heading::left("age"),
        Heading::left("use"),
    ];

    fn cells(&self, console: &Console) -> Vec<Cell> {
        let summary = &self.summary;
        let age = |taken| elapsed(taken, self.now).trim_end_matches(" later").to_owned();
        vec![
            Cell::from(&summary.stream),
            Cell::from(summary.version),
            Cell::from(summary.bytes),
            Cell::from(summary.taken_at.map_or_else(|| "unreadable".to_owned(), |taken| console.time(taken))),
            Cell::from(summary.taken_at.map(age).unwrap_or_default()),
            Cell::from(if summary.is_current { "current" } else { "none: of another reducer" }),
        ]
    }
}
