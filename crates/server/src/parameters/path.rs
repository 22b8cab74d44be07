//! Parameters in the path. Each stands in a segment of its own, percent-encoded, so that it may hold anything.

use std::sync::Arc;

use annals::{EventId, LogName, Position, StreamName};
use annals_auth::Caller;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::logs::OpenLog;
use crate::problem::RequestError;
use crate::state::App;

/// The log that a request is about: the one in its path, or `main`.
pub(crate) struct InLog(pub(crate) Arc<OpenLog>);

/// The aggregate that a request is about.
pub(crate) struct OfStream(pub(crate) StreamName);

/// The event that a request is about.
pub(crate) struct OfEvent(pub(crate) EventRef);

/// How somebody names an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventRef {
    /// By its identity.
    Id(EventId),
    /// By its place.
    At(Position),
}

/// The parameter of this name in the path.
///
/// # Errors
/// [`RequestError::InvalidParameter`] when it is not UTF-8.
async fn path_parameter(parts: &mut Parts, name: &str) -> Result<Option<String>, RequestError> {
    let parameters = RawPathParams::from_request_parts(parts, &())
        .await
        .map_err(|error| RequestError::parameter("path", format!("cannot be read: {error}")))?;
    Ok(parameters.iter().find(|(found, _)| *found == name).map(|(_, value)| value.to_owned()))
}

impl FromRequestParts<App> for InLog {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RequestError> {
        let name = match path_parameter(parts, "log").await? {
            None => LogName::main(),
            Some(name) => match LogName::new(&name) {
                Ok(name) => name,
                Err(_) => return Err(RequestError::NoLog { name }),
            },
        };
        // A log that somebody may not use is to her as if it were not there.
        let may_use = parts.extensions.get::<Caller>().is_none_or(|caller| caller.may_use(&name));
        let log = app.logs.get(&name).filter(|_| may_use);
        log.cloned().map(Self).ok_or_else(|| RequestError::NoLog { name: name.to_string() })
    }
}

impl FromRequestParts<App> for OfStream {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, RequestError> {
        let aggregate_type = path_parameter(parts, "aggregateType").await?.unwrap_or_default();
        let aggregate_id = path_parameter(parts, "aggregateId").await?.unwrap_or_default();
        StreamName::new(aggregate_type, aggregate_id)
            .map(Self)
            .map_err(|error| RequestError::parameter("aggregate", format!("cannot be one: {error}")))
    }
}

impl FromRequestParts<App> for OfEvent {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, RequestError> {
        let text = path_parameter(parts, "event").await?.unwrap_or_default();
        if let Ok(position) = text.parse() {
            return Ok(Self(EventRef::At(Position(position))));
        }
        let id = text.parse().map_err(|_| {
            let what = format!("is {text:?}; give a position, such as 1042, or an event id, which is a UUID");
            RequestError::parameter("event", what)
        });
        id.map(|id| Self(EventRef::Id(id)))
    }
}
