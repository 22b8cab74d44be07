//! The stream in which a log speaks about itself.

use annals_event::{EventType, InvalidEvent, JsonObject, NewEvent, Position, StreamName};
use annals_store::{AppendCondition, EventStore, Query};
use annals_tlog::Origin;
use serde::Serialize;

use crate::ProofError;

/// The aggregate type of what a log says about itself.
const AGGREGATE_TYPE: &str = "AnnalsLog";

/// Names the stream in which a log speaks about itself: `AnnalsLog/<origin>`.
///
/// It bears the origin, so that events which were carried over from another log stay what they are, facts
/// about that log. Only Annals itself appends to the stream of its own log.
///
/// # Errors
/// [`InvalidEvent`] if the origin cannot be an aggregate's id.
pub fn log_stream(origin: &Origin) -> Result<StreamName, InvalidEvent> {
    StreamName::new(AGGREGATE_TYPE, origin.as_str())
}

/// The question for everything that the log of `store` said about itself.
pub(crate) fn about_itself(store: &dyn EventStore) -> Result<Query, ProofError> {
    log_stream(store.origin()).map(Query::stream).map_err(not_an_event)
}

/// An event in the stream of the log `origin`.
pub(crate) fn own_event(
    origin: &Origin,
    event_type: &str,
    payload: &impl Serialize,
) -> Result<NewEvent, ProofError> {
    let payload = serde_json::to_string(payload).map_err(not_an_event)?;
    let payload = JsonObject::new(payload).map_err(not_an_event)?;
    let event_type = EventType::new(event_type).map_err(not_an_event)?;
    Ok(NewEvent::new(log_stream(origin).map_err(not_an_event)?, event_type, payload))
}

/// The condition under which an append becomes the event at this position, or nothing.
pub(crate) fn exactly_at(position: u64) -> AppendCondition {
    AppendCondition { fail_if_events_match: Query::all(), after: position.checked_sub(1).map(Position) }
}

fn not_an_event(error: impl std::fmt::Display) -> ProofError {
    ProofError::OwnEvent { reason: error.to_string() }
}
