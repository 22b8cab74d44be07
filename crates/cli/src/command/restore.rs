use std::io::{self, Write};
use std::path::PathBuf;

use annals::{Location, LogError, ProofError};
use clap::Args;
use serde::Serialize;

use crate::command::backup::{CheckedDocument, fail_if_altered, options};
use crate::command::verify;
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Make a log of a backup
///
/// The backup is copied and verified before anything is replaced; one of an older format is migrated on the way,
/// and stays as it is itself. A log that is there is only replaced when asked, while no process has it open, and
/// is kept beside the new one under another name.
///
/// What was signed is remembered outside the store. Where the backup is older than that, events are recorded again
/// but nothing is signed, since it could contradict what was: the answer says so, and what to do.
///
/// As JSON: ok, store, kept (the name of the log that was there, or null), origin, size, root, checkpoint (the size
/// of the newest one, or null), unsignedTail and unsigned (null, or code and reason why nothing will be signed);
/// what 'annals verify' answers where the backup does not verify.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Where the log is to lie, rather than where --store says
    #[arg(long, value_name = "LOCATION")]
    to: Option<Location>,
    /// Replace the log that is there; it is kept under another name
    #[arg(long)]
    replace: bool,
    /// Restore a backup that does not verify, too; the exit code is 6 all the same
    #[arg(long)]
    even_if_altered: bool,
}

/// What was restored. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RestoredDocument {
    store: String,
    kept: Option<String>,
    #[serde(flatten)]
    checked: CheckedDocument,
    unsigned: Option<UnsignedDocument>,
}

/// Why nothing will be signed.
#[derive(Debug, Serialize)]
struct UnsignedDocument {
    code: &'static str,
    reason: String,
}

/// Restores the log.
pub(crate) async fn run(args: RestoreArgs, shell: &Shell) -> Result<(), Failure> {
    let RestoreArgs { file, to, replace, even_if_altered } = args;
    let (location, log) = (to.as_ref().unwrap_or(shell.location()), shell.log());
    let (writing, options) = (shell.writing_options()?, options(replace, even_if_altered));
    let restored = match annals::restore(&file, location, log, &writing, options).await {
        Err(LogError::NotVerified { verification }) => return verify::tell(*verification, &shell.console),
        restored => restored?,
    };
    let document = RestoredDocument {
        store: location.file_of(log).map_or_else(|| location.to_string(), |path| path.display().to_string()),
        kept: restored.kept.map(|kept| kept.display().to_string()),
        checked: CheckedDocument::from(&restored.checked),
        unsigned: restored.unsigned.as_ref().map(UnsignedDocument::from),
    };
    print_document(&document, &shell.console)?;
    fail_if_altered(restored.checked)
}

impl From<&ProofError> for UnsignedDocument {
    fn from(reason: &ProofError) -> Self {
        Self { code: reason.code(), reason: reason.to_string() }
    }
}

impl Document for RestoredDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        self.checked.write_text(out, console)?;
        writeln!(out, "store          {}", self.store)?;
        if let Some(kept) = &self.kept {
            writeln!(out, "kept           {kept} is the log that was there")?;
        }
        match &self.unsigned {
            None => Ok(()),
            Some(UnsignedDocument { code, reason }) => writeln!(
                out,
                "unsigned       events can be recorded, but nothing is signed: {reason}\n               \
                 'annals explain {code}' says more"
            ),
        }
    }
}
