use std::fs;
use std::path::{Path, PathBuf};

use annals::prove_event;
use clap::Args;

use super::show::{EventRef, find};
use crate::failure::Failure;
use crate::shell::Shell;
use crate::signed::checkpoint_over;

/// Make a receipt: proof that one event is in the log
///
/// The receipt (a C2SP tlog-proof) is printed, or written to a file with --output. Whoever shall check it also
/// needs the event file, which --event writes: the event with the secret that opens its commitments, so show it
/// to those only who may know the event. They check both with 'annals verify --receipt FILE --event FILE --vkey
/// FILE', without the log.
#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The event's id, or its position
    #[arg(value_name = "EVENT_ID")]
    proven: EventRef,
    /// Write the receipt to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the event file
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
}

/// Prints or writes the receipt.
pub(crate) async fn run(args: ReceiptArgs, shell: &Shell) -> Result<(), Failure> {
    let event = find(&shell.open_for_reading().await?, args.proven).await?;
    checkpoint_over(shell, event.position.next().0).await?;
    let log = shell.open_for_reading().await?;
    let proof = prove_event(&**log.store(), None, event.event_id).await?;
    if let Some(path) = &args.event {
        write(path, &proof.disclosure.to_string())?;
    }
    match &args.output {
        Some(path) => write(path, &proof.receipt.to_string())?,
        None => shell.console.print(&proof.receipt.to_string())?,
    }
    if args.event.is_none() {
        shell
            .console
            .remark("note: whoever checks the receipt needs the event file too; write it with --event FILE");
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|source| Failure::File { path: path.to_owned(), source })
}
