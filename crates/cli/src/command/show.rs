use std::io::{self, Write};

use annals::{
    Committed, EventId, JsonForm, Log, Position, Query, ReadOptions, RecordedEvent, StoreError, Tag, Tags,
};
use annals_wire::{EventRow, printable};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Console, Format, RowWriter};
use crate::shell::Shell;

/// Show one event, whole
///
/// As JSON it is one object with the members that 'annals events' describes.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The event's id, or its position
    #[arg(value_name = "EVENT_ID|POSITION")]
    event: EventRef,
    /// Payload and metadata as strings with the producer's bytes: payloadText, metadataText
    #[arg(long)]
    raw: bool,
}

/// How somebody names an event.
#[derive(Debug, Clone, Copy)]
pub(crate) enum EventRef {
    /// By its identity.
    Id(EventId),
    /// By its place.
    At(Position),
}

impl std::str::FromStr for EventRef {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(position) => Ok(Self::At(Position(position))),
            Err(_) => text.parse().map(Self::Id).map_err(|_| {
                format!("{text:?} is neither a position, such as 1042, nor an event id, which is a UUID")
            }),
        }
    }
}

/// Prints the event.
pub(crate) async fn run(args: ShowArgs, shell: &Shell) -> Result<(), Failure> {
    let log = shell.open_for_reading().await?;
    let event = find(&log, args.event).await?;
    let console = &shell.console;
    let form = if args.raw { JsonForm::Raw } else { JsonForm::Embedded };
    let mut out = console.out();
    match console.format {
        Format::Table => write_text(&event, &mut out, console)?,
        Format::Json => writeln!(out, "{}", event.to_json(form))?,
        Format::Jsonl | Format::Csv => {
            let mut rows = RowWriter::new::<EventRow<'_>>(&mut out, console, form);
            rows.row(&EventRow(&event), console)?;
            rows.finish::<EventRow<'_>>()?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The event that somebody names.
///
/// # Errors
/// [`StoreError::NotFound`].
pub(crate) async fn find(log: &Log, event: EventRef) -> Result<RecordedEvent, Failure> {
    let (position, what) = match event {
        EventRef::At(position) => (Some(position), format!("event at position {position}")),
        EventRef::Id(id) => (log.events().position_of(id).await?, format!("event with the id {id}")),
    };
    let found = match position {
        Some(position) => at(log, position).await?,
        None => None,
    };
    found.ok_or(Failure::Store(StoreError::NotFound { what }))
}

async fn at(log: &Log, position: Position) -> Result<Option<RecordedEvent>, StoreError> {
    let options = ReadOptions {
        after: position.0.checked_sub(1).map(Position),
        limit: Some(1),
        size: position.0.checked_add(1),
        ..ReadOptions::default()
    };
    let page = annals::EventReader::new(log.events(), Query::all(), options).next_page().await?;
    Ok(page.and_then(|events| events.into_iter().next()).filter(|event| event.position == position))
}

fn write_text(event: &RecordedEvent, out: &mut impl Write, console: &Console) -> io::Result<()> {
    let style = console.heading;
    let mut line =
        |name: &str, value: String| writeln!(out, "{style}{name:<11}{style:#}{}", indented(&value));
    line("position", event.position.to_string())?;
    line("event id", event.event_id.to_string())?;
    line("type", format!("{}, schema version {}", event.event_type, event.schema_version))?;
    let aggregate_id = shown(&event.aggregate_id);
    line("aggregate", format!("{}/{aggregate_id}, version {}", event.aggregate_type, event.version))?;
    line("happened", format!("{} {}", console.time(event.timestamp), console.zone))?;
    line("recorded", format!("{} {}", console.time(event.recorded_at), console.zone))?;
    line("actor", shown(&event.actor_id))?;
    if event.tags.value().is_none_or(|tags| !tags.is_empty()) {
        line("tags", tags(&event.tags))?;
    }
    line("payload", shown(&event.payload))?;
    line("metadata", shown(&event.metadata))?;
    line(
        "context",
        match &event.context {
            Committed::Value(context) => context.as_str().to_owned(),
            Committed::Erased(commitment) => format!("(erased; commitment {commitment})"),
        },
    )
}

fn tags(tags: &Committed<Tags>) -> String {
    match tags {
        Committed::Value(tags) => tags.as_slice().iter().map(Tag::to_string).collect::<Vec<_>>().join(", "),
        Committed::Erased(_) => shown(tags),
    }
}

fn shown<T: ToString>(field: &Committed<T>) -> String {
    match field {
        Committed::Value(value) => value.to_string(),
        Committed::Erased(commitment) => format!("(erased; commitment {commitment})"),
    }
}

/// A text of several lines as it stands behind a name.
fn indented(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n           ")
}
