use std::net::SocketAddr;
use std::sync::Arc;

use annals::{EventId, LogName};
use axum::extract::{ConnectInfo, FromRequestParts as _, MatchedPath, RawPathParams, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
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
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(route) = request.extensions().get::<MatchedPath>().cloned() else {
        return next.run(request).await;
    };
    let kind = Kind::of(request.method(), &of_main(route.as_str()));
    let Some(recorder) = app.access.clone().filter(|_| kind != Kind::Exempt) else {
        return next.run(request).await;
    };
    let place = match recorder.reserve() {
        Ok(place) => place,
        Err(error) => return error.into_response(),
    };
    let asking = Asking::default();
    request.extensions_mut().insert(asking.clone());
    let (mut parts, body) = request.into_parts();
    let begun = Note::begun(&app, kind, route.as_str(), &mut parts).await;
    let answer = next.run(Request::from_parts(parts, body)).await;
    let Some(note) = begun.ended(&asking, &answer) else { return answer };
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

impl Note {
    /// What is known of a request before it is answered.
    async fn begun(app: &App, kind: Kind, route: &str, parts: &mut Parts) -> Self {
        let parameters = RawPathParams::from_request_parts(parts, &()).await.ok();
        let parameter = |name: &str| {
            let found = parameters.as_ref()?.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.to_owned())
        };
        let is_about_a_log = route.starts_with("/v1/") || route.starts_with("/api/");
        let aggregate = parameter("aggregateType")
            .zip(parameter("aggregateId"))
            .map(|(kind, id)| format!("aggregate:{kind}/{id}"));
        let event = parameter("event").map(|event| format!("event:{event}"));
        let letter = parameter("letter").map(|letter| format!("dead-letter:{letter}"));
        let job = parameter("job").map(|job| format!("job:{job}"));
        let header = |name: &str| text_of(&parts.headers, name);
        Self {
            id: EventId::v7(app.now(), app.random_bytes()),
            at: app.now(),
            kind,
            caller: None,
            from: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer),
            forwarded_for: header("x-forwarded-for"),
            request_id: parts.extensions.get().map_or_else(String::new, |RequestId(id)| id.clone()),
            traceparent: header("traceparent").as_deref().and_then(trace_context),
            route: format!("{} {route}", parts.method),
            path: parts.uri.path().to_owned(),
            log: is_about_a_log.then(|| parameter("log").unwrap_or_else(|| LogName::main().to_string())),
            subject: aggregate.or(event).or(letter).or(job),
            // What a provider says when somebody signs in is a secret.
            filters: if kind == Kind::SignIn { Vec::new() } else { filters(parts.uri.query()) },
            status: 0,
            code: None,
            count: None,
            times: 1,
        }
    }

    /// What is recorded, now that the answer has begun; `None` where it is an append that was accepted.
    fn ended(mut self, asking: &Asking, answer: &Response) -> Option<Self> {
        let told = answer.extensions();
        self.status = answer.status().as_u16();
        self.caller = asking.caller().or_else(|| told.get()).cloned();
        self.code = told.get().map(|ProblemCode(code)| *code);
        self.count = told.get::<Count>().cloned();
        if self.count.is_none() && self.kind == Kind::Read && answer.status().is_success() {
            self.count = Some(Count::of(1));
        }
        let is_accepted = self.kind == Kind::Append && self.status < 400 && self.count.is_none();
        (!is_accepted).then_some(self)
    }
}

/// The parameters behind the `?`, as they were given.
fn filters(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
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
