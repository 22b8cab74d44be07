use std::io::{self, Write};

use annals::history::{Diff, StateAt};
use annals::{JsonForm, StreamName};
use annals_wire::{ChangeRow, End, RecordWriter};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Console, elapsed, record_format, write_changes};
use crate::shell::Shell;
use crate::when::ClockArgs;

/// What changed in an aggregate from one moment to another
///
/// A and B are versions, times or 'now'; a bare date means its last moment in --tz. Each change has the JSON pointer
/// of its place; an array that became shorter or longer is compared element by element.
///
/// As JSON, a change has the members path, old and new; old is missing where there was no value, and new where there
/// is none.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The aggregate, as in Order/order_456
    #[arg(value_name = "TYPE/ID")]
    aggregate: StreamName,
    /// The moment before: a version (0 is before the first event), a time, or now
    #[arg(value_name = "A")]
    from: String,
    /// The moment after
    #[arg(value_name = "B")]
    to: String,
    #[command(flatten)]
    clock: ClockArgs,
}

/// Prints the difference.
pub(crate) async fn run(args: DiffArgs, shell: &Shell) -> Result<(), Failure> {
    let from = args.clock.moment("A", &args.from, End::Last, shell)?;
    let to = args.clock.moment("B", &args.to, End::Last, shell)?;
    let log = shell.open_for_reading().await?;
    let diff = shell.history(&log)?.diff(&args.aggregate, from, to).await?;
    let console = &shell.console;
    let mut out = console.out();
    match record_format(console.format) {
        None => {
            write_text(&diff, &mut out, console)?;
            out.flush()?;
        }
        Some(format) => {
            let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
            diff.changes.iter().try_for_each(|change| records.record(&ChangeRow(change)))?;
            records.finish::<ChangeRow<'_>>()?;
        }
    }
    Ok(())
}

fn write_text(diff: &Diff, out: &mut dyn Write, console: &Console) -> io::Result<()> {
    let style = console.heading;
    let Diff { from, to, changes } = diff;
    writeln!(out, "{style}{}{style:#}", from.stream)?;
    writeln!(out, "from  {}", side(from, console))?;
    let apart = from.last.as_ref().zip(to.last.as_ref());
    let apart = apart.filter(|(from, to)| from.version != to.version);
    let apart = apart.map(|(from, to)| format!(", {}", elapsed(from.timestamp, to.timestamp)));
    writeln!(out, "to    {}{}\n", side(to, console), apart.unwrap_or_default())?;
    match changes.is_empty() {
        true => writeln!(out, "nothing differs"),
        false => write_changes(out, changes.iter(), 0, console),
    }
}

fn side(at: &StateAt, console: &Console) -> String {
    use crate::output::EventPlace;
    match &at.last {
        Some(last) => last.in_words(console),
        None => "before the first event".to_owned(),
    }
}
