use std::io::{self, Write};
use std::path::PathBuf;

use annals::{Alterations, Checked, CopyOptions, Existing, LogError};
use clap::Args;
use serde::Serialize;

use crate::command::verify;
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Copy the log to one file, while it may be written
///
/// The backup is the log as it was at one moment: events, tree, checkpoints, cursors and dead letters. It is a log
/// by itself, and it is verified before it gets its name; 'annals verify FILE' does so again at any time. It holds
/// no private key, no index and no snapshots: keep the key elsewhere, the others follow from the events. There is
/// never half a backup under the name.
///
/// As JSON: ok, file, bytes, origin, size, root, checkpoint (the size of the newest one, or null) and unsignedTail
/// (events behind it); what 'annals verify' answers where the log does not verify.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The file to write
    file: PathBuf,
    /// Replace the backup that has this name
    #[arg(long)]
    replace: bool,
    /// Keep a copy of a log that does not verify, too; the exit code is 6 all the same
    #[arg(long)]
    even_if_altered: bool,
}

/// What was copied. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BackupDocument {
    file: String,
    bytes: u64,
    #[serde(flatten)]
    checked: CheckedDocument,
}

/// What a copy of a log holds. This is its shape as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckedDocument {
    ok: bool,
    origin: String,
    size: u64,
    /// In base64; null where too little is left to compute it.
    root: Option<String>,
    /// The size of the newest checkpoint.
    checkpoint: Option<u64>,
    unsigned_tail: u64,
}

/// Copies the log.
pub(crate) async fn run(args: BackupArgs, shell: &Shell) -> Result<(), Failure> {
    let BackupArgs { file, replace, even_if_altered } = args;
    shell.must_exist()?;
    let options = options(replace, even_if_altered);
    let checked = match annals::backup(shell.location(), shell.log(), &file, options).await {
        Err(LogError::NotVerified { verification }) => return verify::tell(*verification, &shell.console),
        checked => checked?,
    };
    let bytes = std::fs::metadata(&file).map_or(0, |written| written.len());
    let document =
        BackupDocument { file: file.display().to_string(), bytes, checked: CheckedDocument::from(&checked) };
    print_document(&document, &shell.console)?;
    fail_if_altered(checked)
}

/// What the flags of a copying command mean.
pub(super) fn options(replace: bool, even_if_altered: bool) -> CopyOptions {
    CopyOptions {
        existing: if replace { Existing::IsReplaced } else { Existing::Stays },
        alterations: if even_if_altered { Alterations::AreKept } else { Alterations::AreRefused },
    }
}

/// Whoever asked for a copy with its alterations is still told that there are some.
pub(super) fn fail_if_altered(checked: Checked) -> Result<(), Failure> {
    if checked.verification.ok {
        return Ok(());
    }
    Err(LogError::NotVerified { verification: Box::new(checked.verification) }.into())
}

impl From<&Checked> for CheckedDocument {
    fn from(checked: &Checked) -> Self {
        Self {
            ok: checked.verification.ok,
            origin: checked.origin.to_string(),
            size: checked.verification.size,
            root: checked.verification.root.map(|root| root.to_string()),
            checkpoint: checked.checkpoint.as_ref().map(|newest| newest.unverified().size),
            unsigned_tail: checked.verification.unsigned_tail,
        }
    }
}

impl CheckedDocument {
    pub(super) fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let style = console.heading;
        let verdict = if self.ok { "verified" } else { "NOT VERIFIED" };
        writeln!(out, "{style}{verdict}{style:#}")?;
        writeln!(out, "log            {}", self.origin)?;
        writeln!(out, "events         {}", self.size)?;
        writeln!(out, "root           {}", self.root.as_deref().unwrap_or("cannot be computed"))?;
        match self.checkpoint {
            Some(size) => {
                writeln!(out, "checkpoint     over {size} events, {} behind it", self.unsigned_tail)
            }
            None => writeln!(out, "checkpoint     none was signed yet"),
        }
    }
}

impl Document for BackupDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        self.checked.write_text(out, console)?;
        writeln!(out, "backup         {}, {} bytes", self.file, self.bytes)
    }
}
