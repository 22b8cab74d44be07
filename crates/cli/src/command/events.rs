use annals::{Direction, EventReader, JsonForm, Position, ReadOptions};
use annals_wire::EventRow;
use clap::Args;

use crate::failure::Failure;
use crate::filter::Filters;
use crate::output::{Format, RowWriter};
use crate::shell::Shell;

/// Query events
///
/// Prints the events that fulfil all filters, by position. The answer shows the log as it was when the command
/// started, and is printed as it is read.
///
/// As JSON, an event has the members position, eventId, eventType, aggregateType, aggregateId, version,
/// schemaVersion, timestamp, recordedAt, actorId, tags, payload, metadata and context, and erased where
/// something was erased. json is an array of them, jsonl one a line, csv has a description besides.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    #[command(flatten)]
    filters: Filters,
    /// At most so many events
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    /// Leave out so many events first
    #[arg(long, value_name = "COUNT", default_value_t = 0, hide_default_value = true)]
    offset: u64,
    /// Only behind this position, in the order asked for
    #[arg(long, value_name = "POSITION")]
    after: Option<u64>,
    /// From the newest to the oldest
    #[arg(long)]
    reverse: bool,
    /// Payload and metadata as strings with the producer's bytes: payloadText, metadataText
    #[arg(long)]
    raw: bool,
}

/// Prints the events that match.
pub(crate) async fn run(args: EventsArgs, shell: &Shell) -> Result<(), Failure> {
    let query = args.filters.query(&shell.reference())?;
    let log = shell.open_for_reading().await?;
    let options = ReadOptions {
        direction: if args.reverse { Direction::Backwards } else { Direction::Forwards },
        after: args.after.map(Position),
        limit: args.limit,
        offset: args.offset,
        size: None,
    };
    let form = if args.raw { JsonForm::Raw } else { JsonForm::Embedded };
    let mut reader = EventReader::new(log.events(), query, options);
    let mut rows = RowWriter::new::<EventRow<'_>>(shell.console.out(), &shell.console, form);
    let mut found = false;
    while let Some(page) = reader.next_page().await? {
        found = true;
        for event in &page {
            rows.row(&EventRow(event), &shell.console)?;
        }
    }
    rows.finish::<EventRow<'_>>()?;
    if !found && shell.console.format == Format::Table {
        shell.console.remark("note: no event fulfils the filters");
    }
    Ok(())
}
