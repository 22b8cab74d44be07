use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Rebuild what is derived from the events, never the events themselves
///
/// Indexes, counters and stored hashes are made anew from what is recorded. What is recorded is not touched;
/// whether it was altered is what 'annals verify' finds. As JSON: rebuilt (a list of sentences).
#[derive(Debug, Args)]
pub(crate) struct RepairArgs {}

/// What was rebuilt. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct RepairDocument {
    rebuilt: Vec<String>,
}

/// Rebuilds and tells what.
pub(crate) async fn run(_args: RepairArgs, shell: &Shell) -> Result<(), Failure> {
    shell.must_exist()?;
    let rebuilt = shell.repair().await?;
    print_document(&RepairDocument { rebuilt }, &shell.console)?;
    Ok(())
}

impl Document for RepairDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        if self.rebuilt.is_empty() {
            return writeln!(out, "There was nothing to rebuild.");
        }
        self.rebuilt.iter().try_for_each(|what| writeln!(out, "{what}"))
    }
}
