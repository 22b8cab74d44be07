use std::fs;
use std::path::{Path, PathBuf};

use annals::{EventProof, RecordedEvent, ServedReceipt, prove_event};
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
    let log = shell.open_for_reading().await?;
    let event = find(&log, args.proven).await?;
    let ServedReceipt { receipt, event_file } = match log.server() {
        Some(server) => server.receipt(event.event_id).await?,
        None => proven(&event, shell).await?,
    };
    if let Some(path) = &args.event {
        write(path, &event_file)?;
    }
    match &args.output {
        Some(path) => write(path, &receipt)?,
        None => shell.console.print(&receipt)?,
    }
    if args.event.is_none() {
        shell
            .console
            .remark("note: whoever checks the receipt needs the event file too; write it with --event FILE");
    }
    Ok(())
}

/// The proof of an event, made here.
async fn proven(event: &RecordedEvent, shell: &Shell) -> Result<ServedReceipt, Failure> {
    checkpoint_over(shell, event.position.next().0).await?;
    let log = shell.open_for_reading().await?;
    let EventProof { receipt, disclosure } = prove_event(&**log.store(), None, event.event_id).await?;
    Ok(ServedReceipt { receipt: receipt.to_string(), event_file: disclosure.to_string() })
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|source| Failure::File { path: path.to_owned(), source })
}
