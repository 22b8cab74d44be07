mod step;
mod stepping;

use std::io::{self, IsTerminal, Write};

use annals::history::{Moment, Replay};
use annals::{JsonForm, StreamName};
use annals_wire::{End, RecordWriter, StepRow};
use clap::Args;

use crate::failure::Failure;
use crate::output::record_format;
use crate::shell::Shell;
use crate::when::ClockArgs;

use step::write_step;

/// Go through the events of an aggregate, with the state before and behind each
///
/// Prints each event and the state behind it, in which it is marked what the event changed: + came, - went, ~ became
/// another value. --step shows one event at a time: space, enter, n or → goes on, p, b or ← goes back, q ends.
///
/// As JSON, a step has the members event (as 'annals events' describes it), before and after (the states).
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The aggregate, as in Order/order_456
    #[arg(value_name = "TYPE/ID")]
    aggregate: StreamName,
    /// Only what makes the state at this version or time; a bare date means its last moment in --tz
    #[arg(long, value_name = "VERSION|TIME")]
    until: Option<String>,
    #[command(flatten)]
    clock: ClockArgs,
    /// Walk through it on a terminal, key by key
    #[arg(long)]
    step: bool,
}

/// Prints the steps, or walks through them.
pub(crate) async fn run(args: ReplayArgs, shell: &Shell) -> Result<(), Failure> {
    if args.step {
        must_be_a_terminal()?;
    }
    let until = args.until.map(|text| args.clock.moment("--until", &text, End::Last, shell)).transpose()?;
    let log = shell.open_for_reading().await?;
    let history = shell.history(&log)?;
    let replay = history.replay(args.aggregate, until.unwrap_or(Moment::Now));
    if args.step { stepping::walk(replay, &shell.console).await } else { print(replay, shell).await }
}

async fn print(mut replay: Replay<'_>, shell: &Shell) -> Result<(), Failure> {
    let console = &shell.console;
    let mut out = console.out();
    let Some(format) = record_format(console.format) else {
        let mut separator = "";
        let outcome = loop {
            match replay.next().await {
                Ok(Some(step)) => {
                    out.write_all(separator.as_bytes())?;
                    write_step(&mut out, &step, console)?;
                    separator = "\n";
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error.into()),
            }
        };
        out.flush()?;
        return outcome;
    };
    let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
    while let Some(step) = replay.next().await? {
        records.record(&StepRow(&step))?;
    }
    records.finish::<StepRow<'_>>()?;
    Ok(())
}

fn must_be_a_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage(
        "--step needs a terminal for its keys and its pictures, and standard input or output is none",
        "leave --step out: every step is printed then",
    ))
}
