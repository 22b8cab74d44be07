use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;

/// Print a script that completes commands and options
///
/// For bash: annals completions bash > ~/.local/share/bash-completion/completions/annals
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// For which shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs, mut command: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "annals", &mut script);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
    Ok(())
}
