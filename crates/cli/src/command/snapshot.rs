use annals::StreamName;
use annals_wire::SnapshotDocument;
use clap::Args;

use crate::failure::Failure;
use crate::output::print_document;
use crate::shell::Shell;

/// Keep the state of an aggregate as it is now
///
/// Snapshots are taken by whoever writes the log, when an aggregate has grown by a number of events; see snapshots in
/// 'annals config example'. This takes one more. A snapshot makes questions faster and changes no answer.
///
/// As JSON: aggregate, version, takenAt, bytes, isCurrent.
#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// The aggregate, as in Order/order_456
    #[arg(value_name = "TYPE/ID")]
    aggregate: StreamName,
}

/// Takes the snapshot.
pub(crate) async fn run(args: SnapshotArgs, shell: &Shell) -> Result<(), Failure> {
    shell.must_exist()?;
    let log = shell.open_for_writing().await?;
    let taken = match shell.history(&log) {
        Ok(history) => history.snapshot(&args.aggregate).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    shell.close(log).await?;
    print_document(&SnapshotDocument::from(&taken?), &shell.console)?;
    Ok(())
}
