mod answer;
mod compensation;

use annals::history::Undo;
use annals::{ActorId, EventType, Log, StreamName, StreamVersion};
use annals_wire::UndoAnswer;
use clap::Args;

use crate::failure::Failure;
use crate::shell::Shell;

use answer::print;
use compensation::compensate;

/// What brings an aggregate back to an earlier state
///
/// Prints the payload of an event that brings the aggregate back to its state at VERSION, what it changes and which
/// events it undoes. Nothing is recorded; with --append the event is, and its metadata name the undone events:
/// {"undoes": {"toVersion", "count", "events"}}. Nobody can invert a jq reducer: there, the difference is printed.
///
/// The event is recorded only if nothing was appended to the aggregate since it was read, or since the version that
/// --expect names; otherwise it is a conflict (exit code 4).
///
/// As JSON: aggregate, fromVersion, toVersion, payload (null where there is none), changes (each path, old, new), undone
/// (the last 1,000 events), undoneCount, and with --append appended {position, version, eventId}.
#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// The aggregate, as in Order/order_456
    #[arg(value_name = "TYPE/ID")]
    aggregate: StreamName,
    /// The version whose state shall be back; 0 is before the first event
    #[arg(value_name = "VERSION")]
    version: u64,
    /// Record the event
    #[arg(long, requires = "event_type")]
    append: bool,
    /// Its type, as in OrderCorrected
    #[arg(long = "type", value_name = "TYPE", requires = "append")]
    event_type: Option<EventType>,
    /// Who does it [default: anonymous]
    #[arg(long, value_name = "ID", requires = "append")]
    actor: Option<ActorId>,
    /// The version at which the aggregate must be, such as fromVersion of an earlier answer [default: what is read]
    #[arg(long, value_name = "VERSION", requires = "append")]
    expect: Option<u64>,
}

/// What is recorded, and under which condition.
struct Recording {
    event_type: EventType,
    actor: Option<ActorId>,
    expected: Option<StreamVersion>,
}

/// Prints what undoes, and records it if wanted.
pub(crate) async fn run(args: UndoArgs, shell: &Shell) -> Result<(), Failure> {
    let to = StreamVersion(args.version);
    let recording = args.event_type.map(|event_type| Recording {
        event_type,
        actor: args.actor,
        expected: args.expect.map(StreamVersion),
    });
    let Some(recording) = recording else {
        let log = shell.open_for_reading().await?;
        let answer = UndoAnswer::ask(&shell.history(&log)?, &args.aggregate, to).await?;
        return Ok(print(&answer, &shell.console)?);
    };
    shell.must_exist()?;
    // A program that cannot be compiled is told before the log is opened.
    let check = shell.config.validation.check()?;
    let log = shell.open_for_appending().await?;
    let outcome = record(&log, &args.aggregate, to, recording, &check, shell).await;
    shell.close(log).await?;
    let answer = outcome?;
    print(&answer, &shell.console)?;
    match answer.undo {
        Undo::Difference { .. } => Err(Failure::NotInvertible { stream: answer.stream }),
        Undo::Nothing | Undo::Payload { .. } => Ok(()),
    }
}

async fn record(
    log: &Log,
    stream: &StreamName,
    to: StreamVersion,
    recording: Recording,
    check: &annals_connect::SchemaCheck,
    shell: &Shell,
) -> Result<UndoAnswer, Failure> {
    let history = shell.history(log)?;
    let mut answer = UndoAnswer::ask(&history, stream, to).await?;
    if let Undo::Payload { payload, undone, .. } = &answer.undo {
        let expected = recording.expected.unwrap_or(answer.from);
        let schema_version = history.rules().newest_schema_version(&recording.event_type);
        let event = compensate(stream, payload.clone(), to, undone, recording)?;
        let event = annals::NewEvent { schema_version: Some(schema_version), ..event };
        annals_connect::Validate::check(check, &event)?;
        let append = annals::Append::event(event)
            .expecting(stream.clone(), annals::ExpectedVersion::Exactly(expected));
        answer.appended = log.events().append(append).await?.events.into_iter().next();
    }
    Ok(answer)
}
