mod all;
mod answer;

use std::io::{self, Write};

use annals::history::StateAt;
use annals::{AggregateType, JsonForm, StreamName};
use annals_wire::{Explained, RecordFormat, RecordWriter, StateRow};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Console, EventPlace, indented, record_format};
use crate::shell::Shell;
use crate::when::MomentArgs;

use answer::source_in_words;

/// The state of an aggregate, now or at any moment
///
/// Folds the aggregate's events in the order of their versions: with a JSON merge patch of each payload, or with the
/// reducer that annals.toml names for its type. --at leaves out what happened after a time, wherever it stands, and
/// names what came late: what had happened by then, and was recorded behind something that had not. With --recorded,
/// it is what was known at that time. With --aggregate-type, the states of all aggregates of a type, one by one;
/// those that were not there yet are left out.
///
/// As JSON: aggregate, version, position and timestamp (of the last event that was folded; 0 and null before the
/// first one), late (events, each version, position, eventId, eventType, timestamp, recordedAt, actorId), state; with
/// --explain, explain {source (replay, snapshot or cache), snapshotVersion, eventsFolded}.
#[derive(Debug, Args)]
pub(crate) struct StateArgs {
    /// The aggregate, as in Order/order_456
    #[arg(
        value_name = "TYPE/ID",
        required_unless_present = "aggregate_type",
        conflicts_with = "aggregate_type"
    )]
    aggregate: Option<StreamName>,
    /// All aggregates of this type
    #[arg(long, value_name = "TYPE")]
    aggregate_type: Option<AggregateType>,
    /// Say whether a snapshot or the cache helped, and how many events were folded
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    moment: MomentArgs,
}

/// Prints the state, or the states.
pub(crate) async fn run(args: StateArgs, shell: &Shell) -> Result<(), Failure> {
    let moment = args.moment.moment(shell)?;
    let explained = if args.explain { Explained::Yes } else { Explained::No };
    let log = shell.open_for_reading().await?;
    let history = shell.history(&log)?;
    match (args.aggregate, args.aggregate_type) {
        (Some(stream), _) => print(&history.state(&stream, moment).await?, explained, shell),
        (None, Some(aggregate_type)) => {
            all::print(history.states(aggregate_type, moment), explained, shell).await
        }
        // The arguments demand one of both.
        (None, None) => Ok(()),
    }
}

fn print(at: &StateAt, explained: Explained, shell: &Shell) -> Result<(), Failure> {
    let console = &shell.console;
    let mut out = console.out();
    match record_format(console.format) {
        None => {
            write_text(at, explained, &mut out, console)?;
            out.flush()?;
        }
        // One thing is an object, not an array of one.
        Some(format) => {
            let format = if format == RecordFormat::Json { RecordFormat::Jsonl } else { format };
            let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
            records.record(&StateRow { at, explained })?;
            records.finish::<StateRow<'_>>()?;
            answer::tell_unnamed(at, console);
        }
    }
    Ok(())
}

fn write_text(at: &StateAt, explained: Explained, out: &mut dyn Write, console: &Console) -> io::Result<()> {
    let style = console.heading;
    let mut line = |name: &str, value: String| writeln!(out, "{style}{name:<11}{style:#}{value}");
    line("aggregate", format!("{}, version {}", at.stream, at.version()))?;
    match &at.last {
        None => line("event", "none: this is the state before the first one".to_owned())?,
        Some(last) => {
            line("event", format!("{}, position {}", last.event_type, last.position))?;
            line("happened", format!("{} {}", console.time(last.timestamp), console.zone))?;
            line("actor", last.actor().to_owned())?;
        }
    }
    for (index, late) in at.late.events.iter().enumerate() {
        line(if index == 0 { "came late" } else { "" }, late.in_words(console))?;
    }
    let unnamed = at.late.count - at.late.events.len() as u64;
    if unnamed > 0 {
        line("", format!("and {unnamed} more"))?;
    }
    if explained == Explained::Yes {
        line("source", source_in_words(at))?;
    }
    writeln!(out, "\n{}", indented(&at.state))
}
