use std::sync::Arc;
use std::time::Duration;

use annals::{
    Direction, EventReader, EventStore, JsonForm, Log, Position, Query, ReadOptions, RecordedEvent,
    Subscription,
};
use annals_wire::EventRow;
use clap::Args;

use crate::closed_pipe::reader_is_gone;
use crate::failure::Failure;
use crate::filter::Filters;
use crate::output::RowWriter;
use crate::shell::Shell;

/// How often it is looked whether anybody still reads.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// Follow the log live
///
/// Prints the last events that fulfil the filters, then every new one as soon as it is recorded, also those of
/// other processes, until Ctrl-C is pressed or nobody reads any more. The forms are those of 'annals events'.
#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    #[command(flatten)]
    filters: Filters,
    /// Begin behind this position, rather than with the last events
    #[arg(long, value_name = "POSITION", conflicts_with = "last")]
    after: Option<u64>,
    /// Begin with so many of the last events
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    last: u64,
    /// End after so many events
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    /// Payload and metadata as strings with the producer's bytes: payloadText, metadataText
    #[arg(long)]
    raw: bool,
}

/// Prints events as they come.
pub(crate) async fn run(args: TailArgs, shell: &Shell) -> Result<(), Failure> {
    let query = args.filters.query(&shell.reference())?;
    let log = shell.open_for_reading().await?;
    let console = &shell.console;
    let form = if args.raw { JsonForm::Raw } else { JsonForm::Embedded };
    let mut rows = RowWriter::new::<EventRow<'_>>(console.out(), console, form);
    let after = match args.after {
        Some(after) => Some(Position(after)),
        None => before_the_last(&log, &query, args.last).await?,
    };
    let mut remaining = args.limit.unwrap_or(u64::MAX);
    let mut print = |events: &[RecordedEvent]| {
        for event in events.iter().take(usize::try_from(remaining).unwrap_or(usize::MAX)) {
            rows.row(&EventRow(event), console)?;
            remaining -= 1;
        }
        rows.show()?;
        Ok::<bool, Failure>(remaining > 0)
    };
    let mut wants_more = print(&[])?;
    let store: Arc<dyn EventStore> = log.store().clone();
    let mut feed = Subscription::new(store, query, after);
    let mut look = tokio::time::interval(LOOK_INTERVAL);
    while wants_more {
        tokio::select! {
            delivery = feed.next() => wants_more = print(&delivery?.events)?,
            _ = look.tick() => wants_more = !reader_is_gone(),
            interrupted = tokio::signal::ctrl_c() => {
                interrupted.map_err(Failure::Input)?;
                wants_more = false;
            }
        }
    }
    rows.finish::<EventRow<'_>>()?;
    Ok(())
}

/// The position behind which the last `count` events stand that match; `None` when that is the log's start.
async fn before_the_last(log: &Log, query: &Query, count: u64) -> Result<Option<Position>, Failure> {
    let size = log.events().head().await?.size;
    let options = ReadOptions {
        direction: Direction::Backwards,
        limit: Some(count),
        size: Some(size),
        ..ReadOptions::default()
    };
    let mut reader = EventReader::new(log.events(), query.clone(), options);
    // However many they are, only the place of the first one is kept.
    let mut first = Position(size);
    while let Some(page) = reader.next_page().await? {
        first = page.last().map_or(first, |event| event.position);
    }
    Ok(first.0.checked_sub(1).map(Position))
}
