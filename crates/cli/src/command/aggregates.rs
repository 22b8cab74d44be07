use annals::{AggregateType, JsonForm, StreamFilter};
use annals_wire::AggregateRow;
use clap::Args;

use crate::failure::Failure;
use crate::output::{Cell, Console, Heading, Row, RowWriter};
use crate::shell::Shell;

/// So many aggregates are read at a time.
const PAGE: usize = 1_000;

/// List the aggregates, with their version and last change
///
/// They come sorted by type and id. As JSON, an aggregate has the members aggregateType, aggregateId, version
/// (the number of its events), lastPosition and lastTimestamp (of its last event).
#[derive(Debug, Args)]
pub(crate) struct AggregatesArgs {
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    aggregate_type: Option<AggregateType>,
    /// Only with this text in their id, whatever the case of ASCII letters
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

/// Prints the aggregates that match.
pub(crate) async fn run(args: AggregatesArgs, shell: &Shell) -> Result<(), Failure> {
    let log = shell.open_for_reading().await?;
    let filter = StreamFilter { aggregate_type: args.aggregate_type, search: args.search };
    let console = &shell.console;
    let mut rows = RowWriter::new::<AggregateRow>(console.out(), console, JsonForm::Embedded);
    let mut remaining = args.limit.unwrap_or(usize::MAX);
    let mut after = None;
    while remaining > 0 {
        let page = log.store().streams(&filter, after.as_ref(), PAGE.min(remaining)).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.stream.clone());
        remaining -= page.len().min(remaining);
        for summary in page {
            rows.row(&AggregateRow(summary), console)?;
        }
    }
    rows.finish::<AggregateRow>()?;
    Ok(())
}

impl Row for AggregateRow {
    const HEADINGS: &'static [Heading] = &[
        Heading::left("aggregate"),
        Heading::right("version"),
        Heading::left("last change"),
        Heading::right("last position"),
    ];

    fn cells(&self, console: &Console) -> Vec<Cell> {
        let summary = &self.0;
        vec![
            Cell::from(&summary.stream),
            Cell::from(summary.version),
            Cell::from(console.time(summary.last_timestamp)),
            Cell::from(summary.last_position),
        ]
    }
}
