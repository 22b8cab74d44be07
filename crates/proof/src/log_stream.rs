//! Speaking in a log's own stream, and reading what was said there.

use annals_event::{EventType, JsonObject, NewEvent, Position};
use annals_store::{Append, AppendCondition, Authority, EventStore, Query, log_stream};
use annals_tlog::Origin;
use serde::Serialize;

use crate::ProofError;

/// The question for everything that the log of `store` said about itself.
pub(crate) fn about_itself(store: &dyn EventStore) -> Result<Query, ProofError> {
    log_stream(store.origin()).map(Query::stream).map_err(not_an_event)
}

/// An append by which the log `origin` says something about itself at this position, or nothing.
pub(crate) fn own_append(
    origin: &Origin,
    position: u64,
    event_type: &str,
    payload: &impl Serialize,
) -> Result<Append, ProofError> {
    let payload = serde_json::to_string(payload).map_err(not_an_event)?;
    let payload = JsonObject::new(payload).map_err(not_an_event)?;
    let event_type = EventType::new(event_type).map_err(not_an_event)?;
    let event = NewEvent::new(log_stream(origin).map_err(not_an_event)?, event_type, payload);
    let after = position.checked_sub(1).map(Position);
    let condition = Some(AppendCondition { fail_if_events_match: Query::all(), after });
    Ok(Append { condition, authority: Authority::Log, ..Append::event(event) })
}

fn not_an_event(error: impl std::fmt::Display) -> ProofError {
    ProofError::OwnEvent { reason: error.to_string() }
}
