use std::io::{self, Write};
use std::path::{Path, PathBuf};

use annals::KeyRotation;
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Hand the log over to a new key, on the record
///
/// The old key signs the log a last time, both keys sign the rotation, it is recorded as an event, and the new key
/// takes the place of the old one, which is gone: nobody can sign with it any more, unless there are copies.
///
/// Whoever kept the old key's public half goes on with it: 'annals verify --vkey FILE' follows the rotations. Where
/// this is interrupted, run it again, or any command that writes: the log has one key at every moment.
///
/// As JSON: origin, previousKey, key, position (of the event), note (as both keys signed it).
#[derive(Debug, Args)]
pub(super) struct RotateArgs {
    /// Write the rotation's note here, for those who check receipts without the log
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A rotation. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RotationDocument {
    origin: String,
    previous_key: String,
    key: String,
    position: u64,
    note: String,
}

/// Rotates the key.
pub(super) async fn run(args: RotateArgs, shell: &Shell) -> Result<(), Failure> {
    let rotation = shell.rotate_key().await?;
    if let Some(path) = &args.output {
        write_note(path, &rotation)?;
    }
    print_document(&RotationDocument::from(rotation), &shell.console)?;
    Ok(())
}

fn write_note(path: &Path, rotation: &KeyRotation) -> Result<(), Failure> {
    std::fs::write(path, rotation.to_string())
        .map_err(|source| Failure::File { path: path.to_owned(), source })
}

impl From<KeyRotation> for RotationDocument {
    fn from(rotation: KeyRotation) -> Self {
        Self {
            origin: rotation.origin.to_string(),
            previous_key: rotation.from.to_string(),
            key: rotation.to.to_string(),
            position: rotation.at.size,
            note: rotation.to_string(),
        }
    }
}

impl Document for RotationDocument {
    fn write_text(&self, out: &mut dyn Write, _console: &Console) -> io::Result<()> {
        let Self { origin, previous_key, key, position, .. } = self;
        writeln!(out, "The log {origin} went over to another key, with the event at position {position}.")?;
        writeln!(out, "until then   {previous_key}")?;
        writeln!(out, "from now on  {key}")
    }
}
