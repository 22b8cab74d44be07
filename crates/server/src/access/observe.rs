use std::net::SocketAddr;
use std::sync::Arc;

use annals::{EventId, LogName, Timestamp};
use axum::extract::{ConnectInfo, FromRequestParts as _, MatchedPath, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Uri};
use axum::response::{IntoResponse as _, Response};

use super::asking::Asking;
use super::count::Count;
use super::kind::{Kind, of_main};
use super::note::Note;
use super::recorder::Recorder;
use crate::answer::streamed;
use crate::problem::ProblemCode;
use crate::request_id::RequestId;
use crate::state::App;
use crate::telemetry::trace_context;

/// Has requests recorded that are to be. It stands before the guard, so that it sees who was not let in.
pub(crate) async fn observe<A>(app: &App, mut request: Request, next: impl FnOnce(Request) -> A) -> Response
where
    A: Future<Output = Response>,
{
    let Some(route) = request.extensions().get::<MatchedPath>().cloned() else {
        return next(request).await;
    };
    let kind = Kind::of(request.method(), &of_main(route.as_str()));
    let Some(recorder) = app.access.clone().filter(|_| kind != Kind::Exempt) else {
        return next(request).await;
    };
    let place = match recorder.reserve() {
        Ok(place) => place,
        Err(error) => return error.into_response(),
    };
    let asking = Asking::default();
    request.extensions_mut().insert(asking.clone());
    let (mut parts, body) = request.into_parts();
    let seen = Seen::of(app, kind, route, &mut parts).await;
    let answer = next(Request::from_parts(parts, body)).await;
    let Some(note) = seen.note(app, &asking, &answer) else { return answer };
    if !kind.is_recorded_first() {
        recorder.soon(place, note);
        return answer;
    }
    let ending = (kind == Kind::Export && answer.status().is_success()).then(|| note.clone());
    match recorder.now(place, note).await {
        Ok(()) => match ending {
            Some(ending) => telling_its_end(answer, Ending { recorder, note: Some(ending) }),
            None => answer,
        },
        Err(error) => error.into_response(),
    }
}

/// What was seen of a request before it was answered. A note is made of it afterwards: an append that is accepted, and so
/// most of all that is asked, needs none.
struct Seen {
    at: Timestamp,
    kind: Kind,
    method: Method,
    uri: Uri,
    route: MatchedPath,
    parameters: Option<RawPathParams>,
    from: Option<SocketAddr>,
    forwarded_for: Option<HeaderValue>,
    traceparent: Option<HeaderValue>,
    request_id: Option<RequestId>,
}

impl Seen {
    async fn of(app: &App, kind: Kind, route: MatchedPath, parts: &mut Parts) -> Self {
        Self {
            at: app.now(),
            kind,
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            route,
            parameters: RawPathParams::from_request_parts(parts, &()).await.ok(),
            from: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer),
            forwarded_for: parts.headers.get("x-forwarded-for").cloned(),
            traceparent: parts.headers.get("traceparent").cloned(),
            request_id: parts.extensions.get().cloned(),
        }
    }

    /// What is recorded, now that the answer has begun; `None` where it is an append that was accepted.
    fn note(self, app: &App, asking: &Asking, answer: &Response) -> Option<Note> {
        let told = answer.extensions();
        let (kind, status) = (self.kind, answer.status().as_u16());
        let mut count = told.get::<Count>().cloned();
        if count.is_none() && kind == Kind::Read && answer.status().is_success() {
            count = Some(Count::of(1));
        }
        if kind == Kind::Append && status < 400 && count.is_none() {
            return None;
        }
        let route = self.route.as_str();
        let parameter = |name: &str| {
            let found = self.parameters.as_ref()?.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.to_owned())
        };
        let is_about_a_log = route.starts_with("/v1/") || route.starts_with("/api/");
        let aggregate = parameter("aggregateType")
            .zip(parameter("aggregateId"))
            .map(|(kind, id)| format!("aggregate:{kind}/{id}"));
        let event = parameter("event").map(|event| format!("event:{event}"));
        let letter = parameter("letter").map(|letter| format!("dead-letter:{letter}"));
        let job = parameter("job").map(|job| format!("job:{job}"));
        Some(Note {
            id: EventId::v7(self.at, app.random_bytes()),
            at: self.at,
            kind,
            caller: asking.caller().or_else(|| told.get()).cloned(),
            from: self.from,
            forwarded_for: text_of(self.forwarded_for.as_ref()),
            request_id: self.request_id.map_or_else(String::new, |RequestId(id)| id),
            traceparent: text_of(self.traceparent.as_ref()).as_deref().and_then(trace_context),
            route: format!("{} {route}", self.method),
            path: self.uri.path().to_owned(),
            log: is_about_a_log.then(|| parameter("log").unwrap_or_else(|| LogName::main().to_string())),
            subject: aggregate.or(event).or(letter).or(job),
            // What a provider says when somebody signs in is a secret.
            filters: if kind == Kind::SignIn { Vec::new() } else { filters(self.uri.query()) },
            status,
            code: told.get().map(|ProblemCode(code)| *code),
            count,
            times: 1,
        })
    }
}

/// The parameters behind the `?`, as they were given.
fn filters(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn text_of(header: Option<&HeaderValue>) -> Option<String> {
    header?.to_str().ok().map(str::to_owned)
}

/// Has it recorded how much of an export was given out, once it has ended or was broken off.
struct Ending {
    recorder: Arc<Recorder>,
    note: Option<Note>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(note) = self.note.take() {
            let id = note.id.successor().unwrap_or(note.id);
            self.recorder.soon_if_possible(Note { id, kind: Kind::ExportEnd, ..note });
        }
    }
}

fn telling_its_end(answer: Response, ending: Ending) -> Response {
    answer.map(|body| {
        let told = move |chunk| {
            let _until_the_last_chunk = &ending;
            chunk
        };
        streamed(futures_util::StreamExt::map(body.into_data_stream(), told))
    })
}
