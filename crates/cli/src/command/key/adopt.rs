use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::command::verify::read_checkpoint;
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Name the newest checkpoint that left this log, where the memory of it was lost
///
/// What was signed last is remembered outside the store, so that no head is ever signed that contradicts
/// it. Where this memory is missing although checkpoints were signed, nothing is signed until somebody
/// who kept the newest checkpoint names it. As JSON: origin, size, root (of what is remembered now).
#[derive(Debug, Args)]
pub(super) struct AdoptArgs {
    /// The newest checkpoint that anybody has, as it was signed
    #[arg(long, value_name = "FILE")]
    checkpoint: PathBuf,
}

/// What is remembered as signed last. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct AdoptedDocument {
    origin: String,
    size: u64,
    root: String,
}

/// Adopts the checkpoint.
pub(super) async fn run(args: &AdoptArgs, shell: &Shell) -> Result<(), Failure> {
    let checkpoint = read_checkpoint(&args.checkpoint)?;
    let adopted = shell.adopt(&checkpoint).await?;
    let origin = checkpoint.unverified().origin.to_string();
    print_document(
        &AdoptedDocument { origin, size: adopted.size, root: adopted.root.to_string() },
        &shell.console,
    )?;
    Ok(())
}

impl Document for AdoptedDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        let Self { origin, size, root } = self;
        writeln!(out, "Signing of {origin} goes on from its first {size} events, root {root}.")
    }
}
