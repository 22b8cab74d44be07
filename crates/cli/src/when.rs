//! Moments of an aggregate's history, as people give them.

use annals::StreamVersion;
use annals::history::Moment;
use annals_wire::{End, TimeKind};
use clap::Args;

use crate::failure::Failure;
use crate::shell::Shell;

/// What to do about a text that is none.
const HELP: &str =
    "a moment is a version, such as 3, a time, such as 2026-11-20T10:30:00Z, 2026-11-20 or 24h, or now";

/// At which moment a state is asked for.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "The moment")]
pub(crate) struct MomentArgs {
    /// What had happened by this time: RFC 3339, a date (its last moment in --tz), or an age (24h, 7d) [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Behind the event of this version; 0 is before the first one
    #[arg(long, value_name = "VERSION", conflicts_with = "at")]
    version: Option<u64>,
    #[command(flatten)]
    clock: ClockArgs,
}

/// Which of an event's times counts.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ClockArgs {
    /// Go by when events were recorded, rather than by when they happened: what was known at a time
    #[arg(long)]
    recorded: bool,
}

impl MomentArgs {
    /// The moment that is meant.
    ///
    /// # Errors
    /// [`Failure::Usage`] for a time that cannot be read.
    pub(crate) fn moment(&self, shell: &Shell) -> Result<Moment, Failure> {
        match (self.version, self.at.as_deref()) {
            (Some(version), _) => Ok(Moment::Version(StreamVersion(version))),
            (None, None | Some("now")) => Ok(Moment::Now),
            (None, Some(text)) => shell
                .reference()
                .moment(text, End::Last)
                .map(|time| self.clock.kind().moment(time))
                .map_err(|what| Failure::usage(format!("--at: {what}"), "--version takes versions")),
        }
    }
}

impl ClockArgs {
    /// The moment that a text means: a version, a time, or `now`. `end` says which moment of a bare date.
    ///
    /// # Errors
    /// [`Failure::Usage`] when it is none of them.
    pub(crate) fn moment(&self, name: &str, text: &str, end: End, shell: &Shell) -> Result<Moment, Failure> {
        let moment = shell.reference().moment_of_history(text, end, self.kind());
        moment.map_err(|_| Failure::usage(format!("{name}: {text:?} is no moment"), HELP))
    }

    fn kind(&self) -> TimeKind {
        if self.recorded { TimeKind::Recorded } else { TimeKind::Happened }
    }
}
