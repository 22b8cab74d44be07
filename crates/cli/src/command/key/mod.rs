mod adopt;
mod rotate;
mod show;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::shell::Shell;

/// See to the key that signs the log, and to the memory of what it signed
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    Show(show::ShowKeyArgs),
    Rotate(rotate::RotateArgs),
    Adopt(adopt::AdoptArgs),
}

/// Carries out what is to be done about the key.
pub(crate) async fn run(args: KeyArgs, shell: &Shell) -> Result<(), Failure> {
    shell.must_exist()?;
    match args.command {
        KeyCommand::Show(args) => show::run(&args, shell).await,
        KeyCommand::Rotate(args) => rotate::run(args, shell).await,
        KeyCommand::Adopt(args) => adopt::run(&args, shell).await,
    }
}
