use std::io::{self, Write};

use annals::{Copied, CopyPlaces, Location, LogError};
use clap::Args;
use serde::Serialize;

use crate::command::backup::CheckedDocument;
use crate::command::verify;
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::progress::Progress;
use crate::shell::Shell;

/// Carry the log over to another store, between a file and PostgreSQL
///
/// Afterwards the other store holds the same log: the same positions, times, leaves and root, so that checkpoints that
/// were signed before verify there, with its checkpoints, keys, cursors and dead letters. The log is only read. Repeated,
/// it goes on where it was interrupted, or takes in what the log has got since; a store that holds something else is
/// refused. The copy is verified at the end. Snapshots follow from the events and are not copied.
///
/// Stop who appends before the last time, then have everybody use the new store, with the same key and signing state.
///
/// As JSON: from, to, copied (events, by this command), ok, origin, size, root, checkpoint and unsignedTail; what 'annals
/// verify' answers where the copy does not verify.
#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// The store that has the log: sqlite:PATH, a path, or a postgres:// URL [default: that of --store]
    #[arg(long, value_name = "LOCATION")]
    from: Option<Location>,
    /// The store that gets it; it is made where there is none
    #[arg(long, value_name = "LOCATION")]
    to: Location,
}

/// What was copied. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct CopiedDocument {
    from: String,
    to: String,
    copied: u64,
    #[serde(flatten)]
    checked: CheckedDocument,
}

/// Copies the log.
pub(crate) async fn run(args: CopyArgs, shell: &Shell) -> Result<(), Failure> {
    let from = args.from.as_ref().unwrap_or(shell.location());
    if let Some(path) = from.file_of(shell.log()).filter(|path| !path.exists()) {
        return Err(Failure::NoStore { path });
    }
    let progress = Progress::of_events(0, &shell.console);
    let places = CopyPlaces { from, to: &args.to };
    let copied = annals::copy(places, shell.log(), shell.writing_options()?, |done, all| {
        progress.is_of(all);
        progress.at(done, done);
    })
    .await;
    progress.end();
    let Copied { before, checked } = match copied {
        Err(LogError::NotVerified { verification }) => return verify::tell(*verification, &shell.console),
        copied => copied?,
    };
    let document = CopiedDocument {
        from: from.to_string(),
        to: args.to.to_string(),
        copied: checked.verification.events.saturating_sub(before),
        checked: CheckedDocument::from(&checked),
    };
    print_document(&document, &shell.console)?;
    Ok(())
}

impl Document for CopiedDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        self.checked.write_text(out, console)?;
        writeln!(out, "copied         {} events", self.copied)?;
        writeln!(out, "from           {}", self.from)?;
        writeln!(out, "to             {}", self.to)
    }
}
