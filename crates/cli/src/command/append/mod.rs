mod flags;
mod lines;
mod recorded;

use annals::{ActorId, Append, EventId, EventType, SchemaVersion, StreamName, Tag, Timestamp};
use annals_connect::Validate;
use clap::Args;

use crate::failure::Failure;
use crate::shell::Shell;

pub(crate) use flags::command_line_context;

/// Append events
///
/// Appends one event from the flags and prints what was recorded; or, with -, reads events from standard input,
/// one JSON object a line with the members eventType, aggregateType, aggregateId, payload, and if wanted
/// eventId, timestamp, actorId, schemaVersion, tags, metadata. What 'annals events' prints can be appended as it
/// is; its position, version and recordedAt are given anew.
///
/// Each line is an append of its own: one that cannot be stored is named on standard error, the others are
/// stored, and the exit code is 3. With --atomic all lines are one append: all are stored or none.
///
/// Repeating an append with the same event ids and content stores nothing twice, and prints the events as they
/// were recorded, with "repeated":true in JSON. The store and its signing key are made on first use.
#[derive(Debug, Args)]
pub(crate) struct AppendArgs {
    /// Read events from standard input, one JSON object a line
    #[arg(value_name = "-", value_parser = ["-"], hide_possible_values = true)]
    input: Option<String>,
    /// All lines are one append: all or none
    #[arg(long, requires = "input")]
    atomic: bool,
    #[command(flatten)]
    event: EventFlags,
}

/// An event, in flags.
#[derive(Debug, Args)]
#[command(next_help_heading = "The event")]
struct EventFlags {
    /// What happened, as in OrderPlaced
    #[arg(long = "type", value_name = "TYPE", required_unless_present = "input", conflicts_with = "input")]
    event_type: Option<EventType>,
    /// To which aggregate, as in Order/order_456
    #[arg(long, value_name = "TYPE/ID", required_unless_present = "input", conflicts_with = "input")]
    aggregate: Option<StreamName>,
    /// The data: a JSON object, kept byte for byte
    #[arg(long, value_name = "JSON", required_unless_present = "input", conflicts_with = "input")]
    payload: Option<String>,
    /// Who did it [default: anonymous]
    #[arg(long, value_name = "ID", conflicts_with = "input")]
    actor: Option<ActorId>,
    /// A further entity that the event is about, as in customer:42; may be given several times
    #[arg(long, value_name = "TAG", conflicts_with = "input")]
    tag: Vec<Tag>,
    /// Data about the event: a JSON object, kept byte for byte
    #[arg(long, value_name = "JSON", conflicts_with = "input")]
    metadata: Option<String>,
    /// The metadata's correlationId
    #[arg(long, value_name = "ID", conflicts_with = "input")]
    correlation: Option<String>,
    /// The metadata's causationId
    #[arg(long, value_name = "ID", conflicts_with = "input")]
    causation: Option<String>,
    /// When it happened: RFC 3339 with an offset [default: now]
    #[arg(long, value_name = "TIME", conflicts_with = "input")]
    timestamp: Option<Timestamp>,
    /// The version of the event type's shape [default: 1]
    #[arg(long, value_name = "NUMBER", value_parser = flags::schema_version, conflicts_with = "input")]
    schema_version: Option<SchemaVersion>,
    /// The event's identity, a UUID that makes a retry safe [default: a new one]
    #[arg(long, value_name = "UUID", conflicts_with = "input")]
    event_id: Option<EventId>,
    /// The version that the aggregate must be at: a number, none, exists or any
    #[arg(long, value_name = "VERSION", value_parser = flags::expected_version, conflicts_with = "input")]
    expect: Option<annals::ExpectedVersion>,
}

/// Appends and prints what was recorded.
pub(crate) async fn run(args: AppendArgs, shell: &Shell) -> Result<(), Failure> {
    let check = shell.config.validation.check()?;
    match (args.input, args.atomic) {
        (None, _) => {
            let append = flags::append(args.event)?;
            append.events.iter().try_for_each(|event| check.check(event))?;
            one(append, shell).await
        }
        (Some(_), false) => lines::each_for_itself(&check, shell).await,
        (Some(_), true) => one(lines::all_at_once(&check)?, shell).await,
    }
}

async fn one(append: Append, shell: &Shell) -> Result<(), Failure> {
    let log = shell.open_for_appending().await?;
    let appended = log.events().append(append).await;
    let printed = match appended {
        Ok(appended) => recorded::print(&log, &appended, &shell.console).await,
        Err(error) => Err(error.into()),
    };
    shell.close(log).await?;
    printed
}
