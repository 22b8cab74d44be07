use clap::Args;

use crate::failure::Failure;

/// Be some of the clients that another annals process measures
///
/// The process that starts this one talks to it through its standard input and output.
#[derive(Debug, Args)]
pub(crate) struct BenchClientsArgs {}

/// Does what standard input says.
pub(crate) fn run(_args: &BenchClientsArgs) -> Result<(), Failure> {
    Ok(annals_benches::clients_main(std::io::stdin().lock(), std::io::stdout())?)
}
