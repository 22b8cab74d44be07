use annals::StoreError;
use clap::Args;

use crate::failure::Failure;
use crate::shell::Shell;
use crate::signed::checkpoint_over;

/// Print the newest signed checkpoint, which vouches for every event until now
///
/// It is printed as it was signed (a C2SP tlog-checkpoint: origin, size, root, signatures), whatever --format
/// says. Keep it elsewhere: 'annals verify --checkpoint FILE' checks later that the log still agrees with it.
#[derive(Debug, Args)]
pub(crate) struct CheckpointArgs {
    /// Print the key that verifies the log's signatures instead, one line per key, the current one last
    #[arg(long)]
    vkey: bool,
}

/// Prints the checkpoint or the key.
pub(crate) async fn run(args: CheckpointArgs, shell: &Shell) -> Result<(), Failure> {
    let size = shell.open_for_reading().await?.events().head().await?.size;
    if !args.vkey {
        let checkpoint = checkpoint_over(shell, size).await?;
        return Ok(shell.console.print(&checkpoint.to_string())?);
    }
    let keys = shell.open_for_reading().await?.store().verifier_keys().await?;
    if keys.is_empty() {
        let what = "verifier key, because nothing was signed yet".to_owned();
        return Err(Failure::Store(StoreError::NotFound { what }));
    }
    let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
    Ok(shell.console.print(&lines)?)
}
