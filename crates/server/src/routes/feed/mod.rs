//! A live feed of events: server-sent events (WHATWG HTML, section 9.2).

mod following;
mod frames;

use annals::{JsonForm, Position, Query};
use annals_auth::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::{streamed, typed};
use crate::guard::read_scope;
use crate::logs::OpenLog;
use crate::parameters::{Asked, EventFilter, InLog, RawParameter};
use crate::problem::RequestError;
use crate::state::App;

use following::Following;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Tells proxies that answers are to be handed on as they come.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Where a feed begins.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedParameters {
    /// Begin behind this position, or with what is recorded from now on; with the first event, when it is not given. The
    /// header Last-Event-ID, with which browsers come back, takes its place
    #[param(example = "now")]
    after: Option<String>,
}

/// What a feed tells.
pub(super) struct Feed {
    pub(super) query: Query,
    /// The position behind which it begins.
    pub(super) after: Option<Position>,
    pub(super) form: JsonForm,
}

/// Follow the log: a live feed of events
///
/// Server-sent events. First what is recorded already, then what comes, in order, without a gap or a repeat. Each event's
/// `id` is its position and its `data` the event; with filters it has the member `previousPosition` too: the position of
/// the event before it in this feed, or the one behind which the feed began. Whoever comes back with the header
/// Last-Event-ID goes on where it ended.
///
/// While nothing comes, there is an event of the type `heartbeat` now and then; its id is the position up to which
/// everything was looked at, and its data `{"scanned":…,"previousPosition":…}`. A feed ends when the server stops, and when
/// the token or session ends with which it was asked for.
#[utoipa::path(
    get, path = "/v1/feed", tag = "events",
    params(EventFilter, FeedParameters, RawParameter,
           ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was received")),
    responses((status = 200, description = "Events, as they come", body = String, content_type = "text/event-stream"))
)]
pub(crate) async fn feed(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(filter, from, raw): Asked<EventFilter, FeedParameters, RawParameter>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let query = filter.query(&app.reference(), &read_scope(&caller)?)?;
    let after = match last_event_id(&headers)? {
        Some(position) => Some(position),
        None => from.position(&log).await?,
    };
    let following = Following::new(&log, Feed { query, after, form: raw.form() }, &app, &caller);
    let mut answer = typed(
        StatusCode::OK,
        HeaderValue::from_static("text/event-stream"),
        streamed(following.into_stream()),
    );
    answer.headers_mut().insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    Ok(answer)
}

impl FeedParameters {
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    async fn position(&self, log: &OpenLog) -> Result<Option<Position>, RequestError> {
        match self.after.as_deref() {
            None => Ok(None),
            Some("now") => Ok(log.events().head().await?.size.checked_sub(1).map(Position)),
            Some(text) => text.parse().map(|position| Some(Position(position))).map_err(|_| {
                RequestError::parameter(
                    "after",
                    format!("is {text:?}; give a position, such as 1042, or now"),
                )
            }),
        }
    }
}

/// With what a client comes back. An empty one is none, as the specification has it.
///
/// # Errors
/// [`RequestError::Header`].
fn last_event_id(headers: &HeaderMap) -> Result<Option<Position>, RequestError> {
    match headers.get(LAST_EVENT_ID).map(|value| value.to_str().unwrap_or("?")) {
        None | Some("") => Ok(None),
        Some(id) => id.parse().map(|position| Some(Position(position))).map_err(|_| RequestError::Header {
            name: "Last-Event-ID",
            what: format!("is {id:?}; give the id of an event of this feed, which is a position"),
        }),
    }
}
