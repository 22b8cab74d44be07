use std::io::{self, Write};

use annals::Migrated;
use clap::Args;
use serde::Serialize;

use crate::command::backup::{CheckedDocument, fail_if_altered};
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Take a log that an older program made to the present format
///
/// A backup is made first, beside the log. The migration is one transaction, which is taken back unless the tree's
/// root stays what it was; afterwards the log is verified. Nobody may write the log meanwhile. A log of the present
/// format is left as it is.
///
/// As JSON: from, to (formats), backup (its file, or null where nothing was to be done), and log: null, or ok, origin,
/// size, root, checkpoint and unsignedTail.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {}

/// What was done. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct MigratedDocument {
    from: u32,
    to: u32,
    backup: Option<String>,
    log: Option<CheckedDocument>,
}

/// Migrates the log.
pub(crate) async fn run(_args: MigrateArgs, shell: &Shell) -> Result<(), Failure> {
    shell.must_exist()?;
    let options = shell.writing_options()?;
    let Migrated { migration, checked } = annals::migrate(shell.location(), shell.log(), &options).await?;
    let document = MigratedDocument {
        from: migration.from,
        to: migration.to,
        backup: migration.backup.map(|backup| backup.display().to_string()),
        log: checked.as_ref().map(CheckedDocument::from),
    };
    print_document(&document, &shell.console)?;
    checked.map_or(Ok(()), fail_if_altered)
}

impl Document for MigratedDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let Self { from, to, backup, log } = self;
        let (Some(backup), Some(log)) = (backup, log) else {
            return writeln!(out, "The log has format {to}, the present one; nothing was to be done.");
        };
        log.write_text(out, console)?;
        writeln!(out, "format         {to}, was {from}")?;
        writeln!(out, "backup         {backup}, made before")
    }
}
