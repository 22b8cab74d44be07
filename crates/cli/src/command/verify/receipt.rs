use std::io::{self, Write};
use std::path::Path;

use annals::{CheckedReceipt, ProofError, VerifierKey, check_receipt};
use annals_wire::ProblemDocument;
use serde::Serialize;

use super::read;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// What a receipt proved. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptDocument {
    ok: bool,
    position: Option<u64>,
    event_id: Option<String>,
    /// The hash that was recomputed from the event, in base64.
    leaf: Option<String>,
    checkpoint: Option<CheckpointDocument>,
    /// The keys that signed the checkpoint.
    signed_by: Vec<String>,
    problems: Vec<ProblemDocument>,
}

#[derive(Debug, Serialize)]
struct CheckpointDocument {
    origin: String,
    size: u64,
    root: String,
}

/// Checks an event against its receipt.
pub(super) async fn run(
    receipt: &Path,
    event: &Path,
    keys: Vec<VerifierKey>,
    shell: &Shell,
) -> Result<(), Failure> {
    let keys = if keys.is_empty() { keys_beside_the_store(shell).await? } else { keys };
    let (receipt, event) = (read(receipt)?, read(event)?);
    let checked = match check_receipt(&receipt, &event, &keys) {
        Ok(checked) => checked,
        Err(error) => {
            let failure = Failure::from(error);
            if failure.exit() == Exit::VerificationFailed {
                print_document(&ReceiptDocument::refused(&failure), &shell.console)?;
            }
            return Err(failure);
        }
    };
    print_document(&ReceiptDocument::proved(&checked), &shell.console)?;
    Ok(())
}

/// The keys that stand beside the log, where nobody gives others.
async fn keys_beside_the_store(shell: &Shell) -> Result<Vec<VerifierKey>, Failure> {
    if shell.must_exist().is_err() {
        return Err(Failure::Proof(ProofError::NoVerifierKey));
    }
    let keys = shell.open_for_reading().await?.store().verifier_keys().await?;
    shell
        .console
        .remark("note: the key beside the store is trusted; give one that was kept elsewhere with --vkey");
    Ok(keys)
}

impl ReceiptDocument {
    fn proved(checked: &CheckedReceipt) -> Self {
        let CheckedReceipt { event, leaf, checkpoint, signed_by } = checked;
        Self {
            ok: true,
            position: Some(event.position.0),
            event_id: Some(event.event_id.to_string()),
            leaf: Some(leaf.to_string()),
            checkpoint: Some(CheckpointDocument {
                origin: checkpoint.origin.to_string(),
                size: checkpoint.size,
                root: checkpoint.root.to_string(),
            }),
            signed_by: signed_by.iter().map(ToString::to_string).collect(),
            problems: Vec::new(),
        }
    }

    fn refused(failure: &Failure) -> Self {
        let problem = ProblemDocument { code: failure.code(), position: None, detail: failure.to_string() };
        Self {
            ok: false,
            position: None,
            event_id: None,
            leaf: None,
            checkpoint: None,
            signed_by: Vec::new(),
            problems: vec![problem],
        }
    }
}

impl Document for ReceiptDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let style = console.heading;
        if !self.ok {
            return writeln!(out, "{style}NOT VERIFIED{style:#}");
        }
        writeln!(out, "{style}verified{style:#}")?;
        if let (Some(id), Some(position)) = (&self.event_id, self.position) {
            writeln!(out, "event       {id} at position {position}")?;
        }
        if let Some(checkpoint) = &self.checkpoint {
            writeln!(
                out,
                "log         {}, {} events, root {}",
                checkpoint.origin, checkpoint.size, checkpoint.root
            )?;
        }
        self.signed_by.iter().try_for_each(|key| writeln!(out, "signed by   {key}"))
    }
}
