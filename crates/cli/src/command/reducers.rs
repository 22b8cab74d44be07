use std::io::{self, Write};
use std::path::PathBuf;

use annals::history::{History, Moment, Span, StateAt};
use annals::{JsonForm, StreamName, write_json_string};
use annals_wire::{End, Record, RecordFormat, RecordWriter, compact};
use clap::{Args, Subcommand};

use crate::config::reducer_in;
use crate::failure::Failure;
use crate::output::{Console, Story, Telling, indented, record_format};
use crate::shell::Shell;
use crate::when::ClockArgs;

/// Try reducers on what was recorded
#[derive(Debug, Args)]
pub(crate) struct ReducersArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Check(CheckArgs),
}

/// Try a jq reducer on an aggregate before it is configured
///
/// Folds the aggregate's events with the program, behind the upcasters that are configured, and prints what each event
/// changes and the state at the end. A program that fails names the event, the line and the value; the events before
/// it are printed. Nothing is recorded or kept.
///
/// As JSON: aggregate, reducer (the file), version (of the last event), state.
#[derive(Debug, Args)]
struct CheckArgs {
    /// The program: it gets {state, event}, where the state is {} at first, and gives the new state
    #[arg(value_name = "FILE.jq")]
    file: PathBuf,
    /// The aggregate, as in Order/order_456
    #[arg(long = "on", value_name = "TYPE/ID")]
    aggregate: StreamName,
    /// Only up to this version or time; a bare date means its last moment in --tz
    #[arg(long, value_name = "VERSION|TIME")]
    until: Option<String>,
    #[command(flatten)]
    clock: ClockArgs,
}

/// What a reducer made of an aggregate.
struct CheckedReducer {
    file: PathBuf,
    at: StateAt,
}

/// Does what is asked with reducers.
pub(crate) async fn run(args: ReducersArgs, shell: &Shell) -> Result<(), Failure> {
    let Action::Check(args) = args.action;
    let until = args.until.map(|text| args.clock.moment("--until", &text, End::Last, shell)).transpose()?;
    let candidate = reducer_in(&args.file)?;
    let log = shell.open_for_reading().await?;
    let history = shell.history(&log)?;
    let rules = history.rules().clone().with_reducer(args.aggregate.aggregate_type.clone(), candidate);
    let history = history.with_rules(rules);
    let console = &shell.console;
    let mut out = console.out();
    let Some(format) = record_format(console.format) else {
        let outcome = tell(&history, &args.aggregate, until, &mut out, console).await;
        out.flush()?;
        return outcome;
    };
    let at = history.state(&args.aggregate, until.unwrap_or(Moment::Now)).await?;
    let format = if format == RecordFormat::Json { RecordFormat::Jsonl } else { format };
    let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
    records.record(&CheckedReducer { file: args.file, at })?;
    records.finish::<CheckedReducer>()?;
    Ok(())
}

async fn tell(
    history: &History,
    stream: &StreamName,
    until: Option<Moment>,
    out: &mut dyn Write,
    console: &Console,
) -> Result<(), Failure> {
    let mut story = Story::new(out, console, Telling::Short);
    story.begin(stream)?;
    story.tell_all(&mut history.timeline(stream.clone(), Span { from: None, to: until })).await?;
    let at = history.state(stream, until.unwrap_or(Moment::Now)).await?;
    Ok(end(&at, out, console)?)
}

fn end(at: &StateAt, out: &mut dyn Write, console: &Console) -> io::Result<()> {
    let style = console.heading;
    writeln!(out, "\n{style}the state at version {}{style:#}\n{}", at.version(), indented(&at.state))
}

impl Record for CheckedReducer {
    const COLUMNS: &'static [&'static str] = &["aggregate", "reducer", "version", "state"];

    fn fields(&self) -> Vec<String> {
        let Self { file, at } = self;
        vec![at.stream.to_string(), file.display().to_string(), at.version().to_string(), compact(&at.state)]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let Self { file, at } = self;
        text.push_str("{\"aggregate\":");
        write_json_string(text, &at.stream.to_string());
        text.push_str(",\"reducer\":");
        write_json_string(text, &file.display().to_string());
        text.push_str(&format!(",\"version\":{},\"state\":", at.version()));
        at.state.write_json(text);
        text.push('}');
    }
}
