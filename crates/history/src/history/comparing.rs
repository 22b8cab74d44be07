use annals_event::StreamName;

use super::History;
use crate::change::{Change, changes};
use crate::error::HistoryError;
use crate::moment::Moment;
use crate::state_at::StateAt;

/// What lies between two states of an aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// The first state.
    pub from: StateAt,
    /// The second state.
    pub to: StateAt,
    /// What must be done to the first to have the second.
    pub changes: Vec<Change>,
}

impl History {
    /// What changed in an aggregate's state from one moment to another, which may be the earlier one.
    ///
    /// # Errors
    /// As [`History::state`].
    pub async fn diff(&self, stream: &StreamName, from: Moment, to: Moment) -> Result<Diff, HistoryError> {
        let from = self.state(stream, from).await?;
        let to = self.state(stream, to).await?;
        let changes = changes(&from.state, &to.state);
        Ok(Diff { from, to, changes })
    }
}
