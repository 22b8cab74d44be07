//! Appends.

mod envelope;
mod lines;
mod precondition;
mod receiving;

use annals::{Append, Appended, Log, StoreError};
use annals_auth::Caller;
use annals_wire::write_appended;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::access::Count;
use tracing::{Instrument as _, Span};

use crate::answer;
use crate::parameters::{Asked, InLog, MediaType, Nothing, read_body};
use crate::problem::{Problem, RequestError};
use crate::request_id::RequestId;
use crate::state::App;
use crate::telemetry::{self, AppendedEvents};

use envelope::Appends;
use receiving::Receiving;

/// What the body of an append may be.
const MEDIA_TYPES: &str = "application/json or application/x-ndjson";

/// Append events
///
/// The body is one event; or `{"events":[…]}`, which are recorded all or none, with an `expectedVersion` (a number, or
/// none, exists, any; for several aggregates an object of them), a `condition` and `cursors` if wanted; or
/// `{"appends":[…]}`, each of which has its own verdict. As application/x-ndjson, each line is an event that is recorded
/// for itself, and the answer counts them.
///
/// An event has the members eventType, aggregateType, aggregateId (or aggregate, written TYPE/ID), payload, and if wanted
/// eventId, timestamp, actorId, schemaVersion, tags and metadata. Repeating an append with the same event ids records
/// nothing twice; with the header `Idempotency-Key`, that also holds where the events have none.
#[utoipa::path(
    post, path = "/v1/events", tag = "events",
    params(("Idempotency-Key" = Option<String>, Header,
            description = "Makes the ids of events that have none, so that the request can be repeated")),
    request_body(description = "Events", content(
        (ref("AppendRequest") = "application/json"), (String = "application/x-ndjson"))),
    responses(
        (status = 201, description = "Recorded now", body = ref("Appended")),
        (status = 200, description = "Recorded before; or verdicts; or counts", body = ref("AppendAnswer")))
)]
pub(crate) async fn append(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    Asked(Nothing {}, ..): Asked<Nothing>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    let media_type = MediaType::of(&headers, MEDIA_TYPES)?;
    log.must_be_writable()?;
    let mut receiving = Receiving::new(&app, caller, request_id, &headers)?;
    if media_type == MediaType::Ndjson {
        return lines::append(&log.log, body, receiving, &app.options.limits).await;
    }
    let bytes = read_body(body, &app.options.limits).await?;
    let text = std::str::from_utf8(&bytes).map_err(|error| RequestError::Body {
        what: format!("the body is not UTF-8 from byte {} on", error.valid_up_to()),
    })?;
    match Appends::read(text, &mut receiving, &app.reference())? {
        Appends::One(append) => one(&log.log, append).await,
        Appends::Each(appends) => each(&log.log, appends).await,
    }
}

async fn one(log: &Log, append: Append) -> Result<Response, RequestError> {
    let appended = log.events().append(append).instrument(storing()).await?;
    let mut text = String::with_capacity(64 + appended.events.len() * 160);
    write_appended(&mut text, &appended);
    let mut answer = answer::json(status(&appended), text);
    if !appended.repeated {
        answer.extensions_mut().insert(AppendedEvents(appended.events.len() as u64));
    }
    Ok(answer)
}

/// What the store does about a request, for those who trace it. Nothing is logged in it, so lines need not bear it.
fn storing() -> Span {
    tracing::info_span!(target: telemetry::STEPS, "append")
}

/// Every append for itself; a verdict for each, in order.
async fn each(log: &Log, appends: Vec<Append>) -> Result<Response, RequestError> {
    let verdicts = log.events().append_each(appends).instrument(storing()).await;
    let appended = verdicts.iter().flatten().filter(|appended| !appended.repeated);
    let appended: u64 = appended.map(|appended| appended.events.len() as u64).sum();
    let refused = verdicts.iter().filter(|verdict| verdict.is_err()).count() as u64;
    let mut text = String::from("{\"appends\":[");
    for (index, verdict) in verdicts.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_verdict(&mut text, verdict);
    }
    text.push_str("]}");
    let mut answer = telling_refused(answer::json(StatusCode::OK, text), refused);
    answer.extensions_mut().insert(AppendedEvents(appended));
    Ok(answer)
}

/// The answer, beside which stands how many appends were refused, if any: those are recorded.
fn telling_refused(mut answer: Response, refused: u64) -> Response {
    if refused > 0 {
        answer.extensions_mut().insert(Count::of(refused));
    }
    answer
}

/// Appends a verdict as JSON: the status that it would have alone, and what it would be answered.
fn write_verdict(text: &mut String, verdict: Result<Appended, StoreError>) {
    match verdict {
        Ok(appended) => {
            text.push_str(&format!("{{\"status\":{},\"appended\":", status(&appended).as_u16()));
            write_appended(text, &appended);
        }
        Err(error) => {
            let error = RequestError::Store(error);
            text.push_str(&format!("{{\"status\":{},\"problem\":", error.status().as_u16()));
            text.push_str(&Problem::from(&error).to_json());
        }
    }
    text.push('}');
}

/// What was recorded now is new; what was recorded before is there.
fn status(appended: &Appended) -> StatusCode {
    if appended.repeated { StatusCode::OK } else { StatusCode::CREATED }
}
