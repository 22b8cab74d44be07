use std::io::{self, Write};

use annals::{Location, Origin, Recovered};
use annals_wire::PredecessorDocument;
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Go on under a new origin, where a restored log can no longer be signed
///
/// Makes a new log, with a key of its own, whose first event names the old one: its origin, what is left of it, its
/// newest checkpoint, and what was signed last. The store that --store names is only read, and stays as it is;
/// under its origin nothing is signed that contradicts what was. 'annals verify' of the new log names the old
/// one, and with --predecessor LOCATION checks it.
///
/// The new log holds no event but this one: 'annals export' from the old log and 'annals import --map annals' into
/// the new carry the events over. Where signing.key names a file, give another one with --key.
///
/// As JSON: origin, store, predecessor {origin, size, root, checkpoint, signed (the sizes of the newest checkpoint
/// that was left, and of what was signed last)}.
#[derive(Debug, Args)]
pub(crate) struct RecoverArgs {
    /// Give the new log an origin of its own: this one, as in example.com/books-2, or a random one
    #[arg(
        long,
        value_name = "ORIGIN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        required = true
    )]
    new_origin: String,
    /// Where the new store will lie: sqlite:PATH or a path
    #[arg(long, value_name = "LOCATION")]
    to: Location,
}

/// What was made. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
struct RecoveredDocument {
    origin: String,
    store: String,
    predecessor: PredecessorDocument,
}

/// Makes the new log.
pub(crate) async fn run(args: RecoverArgs, shell: &Shell) -> Result<(), Failure> {
    shell.must_exist()?;
    let origin = Some(args.new_origin.as_str()).filter(|origin| !origin.is_empty());
    let origin = origin.map(str::parse::<Origin>).transpose().map_err(|error| {
        Failure::usage(
            format!("--new-origin: {error}"),
            "give a URL without its scheme, as in example.com/books-2",
        )
    })?;
    let recovered = shell.recover(&args.to, origin).await?;
    print_document(&RecoveredDocument::new(&recovered, &args.to), &shell.console)?;
    Ok(())
}

impl RecoveredDocument {
    fn new(recovered: &Recovered, store: &Location) -> Self {
        Self {
            origin: recovered.origin.to_string(),
            store: store.to_string(),
            predecessor: PredecessorDocument::from(&recovered.predecessor),
        }
    }
}

impl Document for RecoveredDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        let Self { origin, store, predecessor } = self;
        writeln!(out, "The log {origin} in {store} goes on for {}:", predecessor.origin)?;
        writeln!(out, "events that are left  {}", predecessor.size)?;
        writeln!(out, "their root            {}", predecessor.root)?;
        match predecessor.signed {
            Some(signed) => writeln!(out, "signed last           {signed} events"),
            None => writeln!(out, "signed last           unknown"),
        }
    }
}
