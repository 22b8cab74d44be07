use annals_history::{HistoryError, SnapshotRun};

/// Tells what became of the snapshots that were due when a log was closed. They are a cache, so one that cannot be taken
/// is no reason not to close it; but a reducer that fails is worth knowing before somebody asks for a state.
pub(crate) fn tell_of(taken: Result<SnapshotRun, HistoryError>) {
    match taken {
        Err(error) => tracing::warn!(%error, "no snapshots are taken now"),
        Ok(SnapshotRun { failed, first_failure: Some(error), .. }) => {
            tracing::warn!(%error, failed, "no snapshots are taken of aggregates that cannot be folded");
        }
        Ok(_) => {}
    }
}
