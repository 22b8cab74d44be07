//! What became of appends, as the server tells it.

use annals_event::{Position, StreamVersion};
use annals_store::{Appended, Placement, StoreError};
use serde::Deserialize;

use crate::client::unavailable;
use crate::problem::Problem;

/// The verdicts on appends, in their order.
#[derive(Deserialize)]
pub(crate) struct Verdicts {
    pub(crate) appends: Vec<Verdict>,
}

/// What became of one append.
#[derive(Deserialize)]
pub(crate) struct Verdict {
    appended: Option<AppendedDocument>,
    problem: Option<Problem>,
}

#[derive(Deserialize)]
struct AppendedDocument {
    events: Vec<PlacementDocument>,
    repeated: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlacementDocument {
    event_id: String,
    position: u64,
    version: u64,
    recorded_at: String,
}

impl Verdict {
    /// The verdict as a store gives it.
    pub(crate) fn into_result(self) -> Result<Appended, StoreError> {
        if let Some(problem) = self.problem {
            return Err(problem.into_error());
        }
        let appended = self.appended.and_then(AppendedDocument::read);
        appended.ok_or_else(|| {
            unavailable("the server's answer to an append cannot be read; repeat it with the same event ids")
        })
    }
}

impl AppendedDocument {
    fn read(self) -> Option<Appended> {
        let events = self.events.into_iter().map(PlacementDocument::read).collect::<Option<_>>()?;
        Some(Appended { events, repeated: self.repeated })
    }
}

impl PlacementDocument {
    fn read(self) -> Option<Placement> {
        Some(Placement {
            event_id: self.event_id.parse().ok()?,
            position: Position(self.position),
            version: StreamVersion(self.version),
            recorded_at: self.recorded_at.parse().ok()?,
        })
    }
}
