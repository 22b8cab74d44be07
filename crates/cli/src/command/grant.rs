use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Let a role of the PostgreSQL database append and read, and change no fact
///
/// The role gets what a service needs: it may add events, checkpoints, keys and dead letters and read everything, keep
/// cursors and what is derived, and change or delete nothing that states a fact. Whoever runs this command owns the log's
/// schema, as who made it does; the role must exist, and have the right to connect. Repeated, it changes nothing.
///
/// As JSON: store, log, role.
#[derive(Debug, Args)]
pub(crate) struct GrantArgs {
    /// The role
    role: String,
}

/// Who may do what. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct GrantedDocument {
    store: String,
    log: String,
    role: String,
}

/// Grants a role what a service needs.
pub(crate) async fn run(args: GrantArgs, shell: &Shell) -> Result<(), Failure> {
    annals::grant(shell.location(), shell.log(), &args.role).await?;
    let document = GrantedDocument {
        store: shell.location().to_string(),
        log: shell.log().to_string(),
        role: args.role,
    };
    print_document(&document, &shell.console)?;
    Ok(())
}

impl Document for GrantedDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        writeln!(
            out,
            "The role {} may append to the log {} in {}, and read it.",
            self.role, self.log, self.store
        )
    }
}
