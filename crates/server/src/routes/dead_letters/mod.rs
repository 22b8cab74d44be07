//! Inputs that could not become events: looked at, mended, tried again, or put away.

mod document;
mod retry;

use annals::{DeadLetter, DeadLetterId, DeadLetterState, NewDeadLetter};
use annals_auth::Caller;
use annals_connect::{ImportError, Preset};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{self, stream_items};
use crate::logs::OpenLog;
use crate::parameters::{Asked, InLog, MediaType, Nothing, PathParameters, limit, read_body};
use crate::problem::RequestError;
use crate::request_id::RequestId;
use crate::state::App;

use document::{state_name, to_json};

/// What became of the dead letters that are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(rename_all = "lowercase")]
enum WantedState {
    /// Nothing yet.
    Open,
    /// They were stored after all.
    Retried,
    /// They were put away.
    Discarded,
}

/// Which dead letters are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct LetterParameters {
    /// open, retried or discarded; all of them, when it is not given
    #[param(inline)]
    state: Option<WantedState>,
    /// At most so many items, from 1 to 1,000
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u64>,
    /// Where to go on: `next` of the page before
    cursor: Option<String>,
}

/// The dead letters
///
/// Inputs that could not become events, by number: each with its bytes, where it came from, and why it could not.
#[utoipa::path(
    get, path = "/v1/dead-letters", operation_id = "dead_letters", tag = "dead letters",
    params(LetterParameters),
    responses((status = 200, description = "The dead letters", body = ref("DeadLetterList")))
)]
pub(crate) async fn list(
    InLog(log): InLog,
    Asked(asked, ..): Asked<LetterParameters>,
) -> Result<Response, RequestError> {
    let limit = usize::try_from(limit(asked.limit)?).unwrap_or(usize::MAX);
    let after = asked.cursor.as_deref().map(str::parse).transpose();
    let after = after.map_err(|error: std::num::ParseIntError| {
        RequestError::parameter("cursor", format!("cannot be read: {error}"))
    })?;
    let state = asked.state.map(DeadLetterState::from);
    let mut letters =
        log.store().dead_letters(state, after.map(DeadLetterId), limit.saturating_add(1)).await?;
    let has_more = letters.len() > limit;
    letters.truncate(limit);
    stream_items(async move |mut sink| {
        for letter in &letters {
            sink.item(|text| text.push_str(&to_json(letter))).await?;
        }
        let last = letters.last().filter(|_| has_more).map(|letter| letter.id.0.to_string());
        Ok(sink.finish(last.as_deref()))
    })
    .await
}

/// How a dead letter is tried again.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct RetryParameters {
    /// The form of the input: annals, as POST /v1/events takes it, or another preset of imports: microservice, aggregate,
    /// task, audit-log, trading, cloudevents
    #[param(default = "annals", example = "microservice")]
    map: Option<String>,
}

/// Show one dead letter
#[utoipa::path(
    get, path = "/v1/dead-letters/{letter}", operation_id = "show_dead_letter", tag = "dead letters",
    responses((status = 200, description = "The dead letter", body = ref("DeadLetter")))
)]
pub(crate) async fn show(
    InLog(log): InLog,
    path: PathParameters,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let letter = log.store().dead_letter(id_in(&path)?).await?;
    Ok(answer::json(StatusCode::OK, to_json(&letter)))
}

/// Mend a dead letter
///
/// The body is the input as it should have been: an event, as POST /v1/events takes it. What arrived is evidence and is kept
/// as it is; the mended input becomes a dead letter of its own, which can be tried again, and the first one is put away.
#[utoipa::path(
    put, path = "/v1/dead-letters/{letter}", operation_id = "mend_dead_letter", tag = "dead letters",
    request_body(description = "The event as it should have been", content((ref("NewEvent") = "application/json"))),
    responses((status = 201, description = "The mended dead letter", body = ref("DeadLetter")))
)]
pub(crate) async fn mend(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Asked(Nothing {}, ..): Asked<Nothing>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    log.must_be_writable()?;
    let before = open_letter(&log, &path).await?;
    MediaType::of(&headers, "application/json")?;
    let raw = read_body(body, &app.options.limits).await?.to_vec();
    let number = before.id.0;
    let reason =
        format!("it is the dead letter {number}, mended; that one was refused: {}", before.letter.reason);
    let mended = NewDeadLetter { raw, reason, ..before.letter };
    let id = log.store().keep_dead_letter(mended).await?;
    log.store().settle_dead_letter(before.id, DeadLetterState::Discarded).await?;
    let letter = log.store().dead_letter(id).await?;
    Ok(answer::json(StatusCode::CREATED, to_json(&letter)))
}

/// Try a dead letter again
///
/// Its input is appended as an event, as POST /v1/events would. A body is the input as it should have been, and is appended
/// in its place; what arrived is kept as it is. When it is still no event, nothing changes. What comes of a dead letter has
/// always the same event id, so that nothing is recorded twice.
#[utoipa::path(
    post, path = "/v1/dead-letters/{letter}/retry", operation_id = "retry_dead_letter", tag = "dead letters",
    params(RetryParameters),
    request_body(description = "The input as it should have been; none to try what arrived", content((Option<Object> = "application/json"))),
    responses(
        (status = 201, description = "Recorded now", body = ref("Appended")),
        (status = 200, description = "Recorded before", body = ref("Appended")))
)]
pub(crate) async fn retry(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    (Extension(caller), Extension(request_id)): (Extension<Caller>, Extension<RequestId>),
    Asked(RetryParameters { map }, ..): Asked<RetryParameters>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    log.must_be_writable()?;
    let form = map.map_or(Ok(Preset::Annals), |name| name.parse());
    let form = form.map_err(|error: ImportError| RequestError::parameter("map", error.to_string()))?;
    let letter = open_letter(&log, &path).await?;
    let mended = read_body(body, &app.options.limits).await?;
    if !mended.is_empty() {
        MediaType::of(&headers, "application/json")?;
    }
    let bytes = if mended.is_empty() { letter.letter.raw.as_slice() } else { &mended };
    let input = retry::Input { bytes, form };
    let answer = retry::append(&log, &letter, input, &caller, request_id, &app.options.checks).await?;
    log.store().settle_dead_letter(letter.id, DeadLetterState::Retried).await?;
    Ok(answer)
}

/// Put a dead letter away
///
/// It is not needed. It is kept all the same.
#[utoipa::path(
    post, path = "/v1/dead-letters/{letter}/discard", operation_id = "discard_dead_letter", tag = "dead letters",
    responses((status = 200, description = "The dead letter", body = ref("DeadLetter")))
)]
pub(crate) async fn discard(
    InLog(log): InLog,
    path: PathParameters,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    log.must_be_writable()?;
    let letter = open_letter(&log, &path).await?;
    log.store().settle_dead_letter(letter.id, DeadLetterState::Discarded).await?;
    Ok(answer::json(StatusCode::OK, to_json(&log.store().dead_letter(letter.id).await?)))
}

fn id_in(path: &PathParameters) -> Result<DeadLetterId, RequestError> {
    path.read("letter").map(DeadLetterId)
}

/// The dead letter that the path names, of which nothing has become yet.
///
/// # Errors
/// [`RequestError::LetterSettled`].
async fn open_letter(log: &OpenLog, path: &PathParameters) -> Result<DeadLetter, RequestError> {
    let letter = log.store().dead_letter(id_in(path)?).await?;
    match letter.state {
        DeadLetterState::Open => Ok(letter),
        state => Err(RequestError::LetterSettled { id: letter.id.0, state: state_name(state) }),
    }
}

impl From<WantedState> for DeadLetterState {
    fn from(wanted: WantedState) -> Self {
        match wanted {
            WantedState::Open => Self::Open,
            WantedState::Retried => Self::Retried,
            WantedState::Discarded => Self::Discarded,
        }
    }
}
