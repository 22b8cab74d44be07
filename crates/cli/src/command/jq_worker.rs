use clap::Args;

use crate::failure::Failure;

/// Run jq programs that another annals process sends
///
/// The process that starts this one talks to it through its standard input and output.
#[derive(Debug, Args)]
pub(crate) struct JqWorkerArgs {}

/// Works until standard input ends.
pub(crate) fn run(_args: &JqWorkerArgs) -> Result<(), Failure> {
    annals_jq::worker_main(std::io::stdin(), std::io::stdout())
        .map_err(|error| Failure::Input(std::io::Error::other(error)))
}
