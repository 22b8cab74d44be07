use std::io::Write;

use annals::history::{Blame, BlamedLeaf};
use annals::{JsonForm, StreamName};
use annals_wire::{LeafRow, printable};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Cell, Console, EventPlace, Format, Heading, Row, RowWriter, clipped};
use crate::shell::Shell;
use crate::when::MomentArgs;

/// A value gets this share of the terminal's width.
const VALUE_SHARE: usize = 3;

/// Who set what in an aggregate's state
///
/// For every leaf of the state the event that last changed it. An event that sets a value to what it is already
/// changes nothing. Leaves are scalars, {}, [] and the elements of arrays; where payloads are merged, an array
/// changes as a whole.
///
/// As JSON, a leaf has the members path, value, version, position, eventId, eventType, timestamp and actorId.
#[derive(Debug, Args)]
pub(crate) struct BlameArgs {
    /// The aggregate, as in Order/order_456
    #[arg(value_name = "TYPE/ID")]
    aggregate: StreamName,
    #[command(flatten)]
    moment: MomentArgs,
}

/// Prints the leaves.
pub(crate) async fn run(args: BlameArgs, shell: &Shell) -> Result<(), Failure> {
    let moment = args.moment.moment(shell)?;
    let log = shell.open_for_reading().await?;
    let Blame { at, leaves } = shell.history(&log)?.blame(&args.aggregate, moment).await?;
    let console = &shell.console;
    let mut out = console.out();
    if console.format == Format::Table {
        let style = console.heading;
        writeln!(out, "{style}{}{style:#} at version {}\n", at.stream, at.version())?;
    }
    let mut rows = RowWriter::new::<LeafRow>(out, console, JsonForm::Embedded);
    leaves.into_iter().try_for_each(|leaf| rows.row(&LeafRow(leaf), console))?;
    rows.finish::<LeafRow>()?;
    Ok(())
}

impl Row for LeafRow {
    const HEADINGS: &'static [Heading] = &[
        Heading::left("path"),
        Heading::left("value"),
        Heading::right("version"),
        Heading::left("set by"),
        Heading::left("time"),
        Heading::left("actor"),
    ];

    fn cells(&self, console: &Console) -> Vec<Cell> {
        let BlamedLeaf { path, value, by } = &self.0;
        vec![
            Cell::from(printable(&path.to_string())),
            Cell::from(clipped(value, console.width / VALUE_SHARE)),
            Cell::from(by.version),
            Cell::from(&by.event_type),
            Cell::from(console.time(by.timestamp)),
            Cell::from(by.actor()),
        ]
    }
}
