use std::sync::Arc;

use annals_event::StreamName;

use super::History;
use super::stepping::Walk;
use crate::error::HistoryError;
use crate::event_ref::EventRef;
use crate::moment::Moment;
use crate::path::Path;
use crate::provenance::{Arrays, Provenance};
use crate::rules::Reducer;
use crate::state_at::{Source, StateAt};
use crate::value::Value;

/// A state with who set what in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Blame {
    /// The state.
    pub at: StateAt,
    /// Its leaves, in its order; none before the first event.
    pub leaves: Vec<BlamedLeaf>,
}

/// A leaf of a state, and the event that last changed it.
///
/// Leaves are scalars, `{}`, `[]`, and the elements of arrays, whatever they hold.
#[derive(Debug, Clone, PartialEq)]
pub struct BlamedLeaf {
    /// Where it stands.
    pub path: Path,
    /// Its value.
    pub value: Value,
    /// The event.
    pub by: Arc<EventRef>,
}

impl History {
    /// For every leaf of the state at a moment the event that last changed it. An event that sets a value to what it
    /// is already changes nothing. Under a merge reducer an array changes as a whole.
    ///
    /// # Errors
    /// As [`History::state`].
    pub async fn blame(&self, stream: &StreamName, moment: Moment) -> Result<Blame, HistoryError> {
        let arrays = match self.engine.rules.reducer(&stream.aggregate_type) {
            Reducer::Merge => Arrays::ChangeAsAWhole,
            Reducer::Replace | Reducer::Jq(_) => Arrays::ChangeByElement,
        };
        let mut walk = Walk::new(self, stream.clone(), None, moment);
        let mut provenance: Option<Provenance> = None;
        while let Some((event, changes)) = walk.next().await? {
            let by = Arc::new(EventRef::from(&event));
            let provenance = provenance.get_or_insert_with(|| Provenance::new(&Value::empty_object(), &by));
            changes.iter().for_each(|change| provenance.apply(change, arrays, &by));
        }
        let fold = walk.into_fold().unwrap_or_else(|| self.fold(stream, None));
        let mut leaves = Vec::new();
        if let Some(provenance) = provenance {
            provenance.for_each_leaf(&fold.state, &mut |path, value, by| {
                leaves.push(BlamedLeaf { path: path.clone(), value: value.clone(), by: Arc::clone(by) });
            });
        }
        Ok(Blame { at: fold.into_state_at(Source::Replay), leaves })
    }
}
