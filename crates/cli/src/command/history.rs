use std::io::Write;

use annals::history::Span;
use annals::{JsonForm, StreamName};
use annals_wire::{End, RecordWriter, TimelineRow};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Story, Telling, record_format};
use crate::shell::Shell;
use crate::when::ClockArgs;

/// What happened to an aggregate: each event, and what it changed
///
/// The events stand in the order of their versions, with their time, actor, and how long after the event before
/// they happened. Below each stands what it changed in the state: + came, - went, ~ became another value.
///
/// As JSON, an event has the members version, position, eventId, eventType, timestamp, recordedAt, actorId and changes
/// (each path, old, new; old is missing where there was no value, new where there is none).
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The aggregate, as in Order/order_456
    #[arg(value_name = "TYPE/ID")]
    aggregate: StreamName,
    /// From this version or time on; a bare date means its first moment in --tz
    #[arg(long, value_name = "VERSION|TIME")]
    from: Option<String>,
    /// Up to this version or time; a bare date means its last moment
    #[arg(long, value_name = "VERSION|TIME")]
    to: Option<String>,
    #[command(flatten)]
    clock: ClockArgs,
    /// Show all changes of an event, not the first 12 only
    #[arg(long)]
    full: bool,
}

/// Prints the timeline.
pub(crate) async fn run(args: HistoryArgs, shell: &Shell) -> Result<(), Failure> {
    let bound = |name, text: Option<&str>, end| {
        text.map(|text| args.clock.moment(name, text, end, shell)).transpose()
    };
    let span = Span {
        from: bound("--from", args.from.as_deref(), End::First)?,
        to: bound("--to", args.to.as_deref(), End::Last)?,
    };
    let log = shell.open_for_reading().await?;
    let history = shell.history(&log)?;
    let mut timeline = history.timeline(args.aggregate.clone(), span);
    let console = &shell.console;
    let mut out = console.out();
    let Some(format) = record_format(console.format) else {
        let mut story = Story::new(&mut out, console, if args.full { Telling::Full } else { Telling::Short });
        story.begin(&args.aggregate)?;
        let outcome = story.tell_all(&mut timeline).await;
        let is_empty = story.is_empty();
        out.flush()?;
        outcome?;
        if is_empty {
            console.remark("note: no event lies between the moments");
        }
        return Ok(());
    };
    let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
    while let Some(entry) = timeline.next().await? {
        records.record(&TimelineRow(&entry))?;
    }
    records.finish::<TimelineRow<'_>>()?;
    Ok(())
}
