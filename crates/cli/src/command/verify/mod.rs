mod log;
mod predecessor;
mod receipt;
mod rotations;

pub(super) use log::tell;

use std::fs;
use std::path::{Path, PathBuf};

use annals::{Location, SignedCheckpoint, VerifierKey};
use clap::Args;

use crate::failure::Failure;
use crate::shell::Shell;

/// Check that nothing was altered
///
/// Recomputes every event's leaf from its stored row, then the tree, every kept checkpoint with its signature,
/// versions, times, identities, and what is derived; names by position what is altered, missing, reordered or
/// added. The exit code is 6 when something is wrong.
///
/// The key beside the store could have been exchanged together with it: an auditor keeps checkpoints
/// (--checkpoint) and the key (--vkey) elsewhere. From a key that she kept, the rotations in the log lead to the
/// present one.
///
/// With --store naming a server, everything that the log publishes is checked instead: every entry is hashed, and the tree
/// of them compared with the tiles, at every level, and with the checkpoints. Whoever has --vkey needs no token for it.
///
/// With --receipt and --event, checks one event against its receipt, without any store.
///
/// As JSON: ok, size, root, events, unsignedTail (events behind the last checkpoint), checkpoints (how many
/// agree), keys (each key, keyId, the sizes of the checkpoints for which it speaks, after and until, and rotation),
/// predecessor (the log
/// for which this one goes on: origin, size, root, checkpoint, signed), problems (each code, position, detail),
/// problemsOmitted and unchecked (what could not be looked at, and why); for a receipt ok, position, eventId,
/// leaf, checkpoint {origin, size, root}, signedBy and problems.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Verify this file, such as a backup, rather than the log of --store
    #[arg(value_name = "FILE", conflicts_with = "receipt")]
    file: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere; may be given several times
    #[arg(long, value_name = "FILE", conflicts_with = "receipt")]
    checkpoint: Vec<PathBuf>,
    /// The keys to trust, one line each, rather than those beside the store
    #[arg(long, value_name = "FILE")]
    vkey: Option<PathBuf>,
    /// The store with the log for which this one goes on, to be verified too
    #[arg(long, value_name = "LOCATION", conflicts_with = "receipt")]
    predecessor: Option<Location>,
    /// Check this receipt instead of the log
    #[arg(long, value_name = "FILE", requires = "event")]
    receipt: Option<PathBuf>,
    /// The event file that belongs to the receipt
    #[arg(long, value_name = "FILE", requires = "receipt")]
    event: Option<PathBuf>,
    /// The note of a rotation of the key between the one to trust and the receipt's; may be given several times
    #[arg(long, value_name = "FILE", requires = "receipt", requires = "vkey")]
    rotation: Vec<PathBuf>,
}

/// Verifies the log or the receipt.
pub(crate) async fn run(args: VerifyArgs, shell: &Shell) -> Result<(), Failure> {
    let keys = match &args.vkey {
        Some(path) => read_keys(path)?,
        None => Vec::new(),
    };
    match (&args.receipt, &args.event) {
        (Some(receipt), Some(event)) => {
            let keys = rotations::keys_for(&read(receipt)?, keys, &args.rotation)?;
            receipt::run(receipt, event, keys, shell).await
        }
        _ => log::run(&args, keys, shell).await,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| Failure::File { path: path.to_owned(), source })
}

/// Reads a checkpoint that somebody kept.
pub(super) fn read_checkpoint(path: &Path) -> Result<SignedCheckpoint, Failure> {
    SignedCheckpoint::parse(&read(path)?).map_err(|error| {
        let help = "give a file with a checkpoint as 'annals checkpoint' prints it";
        Failure::usage(format!("{}: {error}", path.display()), help)
    })
}

/// Reads verifier keys, one a line.
fn read_keys(path: &Path) -> Result<Vec<VerifierKey>, Failure> {
    let bytes = read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Result<Vec<VerifierKey>, _> = lines.map(str::parse).collect();
    let help = "give a file with one line per key, as 'annals checkpoint --vkey' prints it";
    match keys {
        Ok(keys) if !keys.is_empty() => Ok(keys),
        Ok(_) => Err(Failure::usage(format!("{} holds no verifier key", path.display()), help)),
        Err(error) => Err(Failure::usage(format!("{}: {error}", path.display()), help)),
    }
}
