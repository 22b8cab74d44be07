use std::io::{self, Write};
use std::path::PathBuf;

use annals::{TilesWritten, write_tiles};
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;
use crate::signed::checkpoint_over;

/// Write the log as static files that any web server can serve
///
/// The layout is that of C2SP tlog-tiles: checkpoint, tile/ and tile/entries/. Into a folder that holds the log
/// already, only what is new is written. Entries hold commitments, nothing personal. As JSON: size, newEvents,
/// files.
#[derive(Debug, Args)]
pub(crate) struct TilesArgs {
    /// The folder to write to; it is made when it does not exist
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
}

/// What was written. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TilesDocument {
    size: u64,
    new_events: u64,
    files: u64,
}

/// Writes what is new.
pub(crate) async fn run(args: TilesArgs, shell: &Shell) -> Result<(), Failure> {
    let size = shell.open_for_reading().await?.events().head().await?.size;
    let checkpoint = checkpoint_over(shell, size).await?;
    let log = shell.open_for_reading().await?;
    let TilesWritten { size, new_events, files } =
        write_tiles(&**log.store(), &args.output, &checkpoint).await?;
    print_document(&TilesDocument { size, new_events, files }, &shell.console)?;
    Ok(())
}

impl Document for TilesDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        let Self { size, new_events, files } = self;
        writeln!(out, "{files} files written; the folder holds {size} events, {new_events} of them new")
    }
}
