//! Who may ask what: one test for each route and role, in both directions.
//!
//! The table says it once more, and not from the server's own: a change of either is seen.

use std::sync::LazyLock;

use annals_auth::Role;
use axum::http::{Method, StatusCode};
use tokio::runtime::Runtime;

use crate::book::Answer;
use crate::people::{Office, event};

/// One server for all cells, which do not disturb each other.
static STAGE: LazyLock<(Runtime, Office)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let office = runtime.block_on(Office::with_events());
    (runtime, office)
});

/// The number of a job or a dead letter that is not there.
const NOTHING: &str = "/999";

/// What is asked in a cell.
struct Question {
    method: Method,
    path: &'static str,
}

impl Question {
    fn ask(&self, who: &str) -> Answer {
        let (runtime, office) = &*STAGE;
        let body = (self.path.ends_with("/events") && self.method == Method::POST).then(|| event(None));
        let method = self.method.clone();
        runtime.block_on(async {
            match Role::named(who) {
                Some(role) => {
                    let token = office.token(who, &[role], "*");
                    office.ask_as(&token, method, self.path, body.as_ref()).await
                }
                None => office.ask_with(&[], method, self.path, body.as_ref()).await,
            }
        })
    }

    fn is_answered(&self, who: &str) {
        let answer = self.ask(who);
        // What nobody began is not there, for those who may ask for it.
        let is_let_in =
            answer.status.is_success() || self.path.contains(NOTHING) && answer.code() == "not-found";
        assert!(is_let_in, "{} {} for {who}: {}", self.method, self.path, answer.text);
    }

    fn is_refused(&self, who: &str) {
        let answer = self.ask(who);
        let expected = match Role::named(who) {
            Some(_) => (StatusCode::FORBIDDEN, "forbidden".to_owned()),
            None => (StatusCode::UNAUTHORIZED, "sign-in-needed".to_owned()),
        };
        assert_eq!((answer.status, answer.code()), expected, "{} {} for {who}", self.method, self.path);
    }
}

macro_rules! cells {
    ($($route:ident: $method:ident $path:literal, $template:literal,
       answered [$($answered:ident)*] refused [$($refused:ident)*];)*) => {
        $(mod $route {
            use super::*;
            const QUESTION: Question = Question { method: Method::$method, path: $path };
            $(#[test]
            fn $answered() {
                QUESTION.is_answered(stringify!($answered));
            })*
            $(#[test]
            fn $refused() {
                QUESTION.is_refused(stringify!($refused));
            })*
        })*

        /// Each route with the number of its cells.
        const ROUTES: &[(&str, &str, usize)] = &[
            $((stringify!($method), $template, [$(stringify!($answered),)* $(stringify!($refused),)*].len()),)*
        ];
    };
}

cells! {
    liveness: GET "/livez", "/livez",
        answered [reader auditor writer delegate admin nobody] refused [];
    readiness: GET "/readyz", "/readyz",
        answered [reader auditor writer delegate admin nobody] refused [];
    description: GET "/openapi.json", "/openapi.json",
        answered [reader auditor writer delegate admin nobody] refused [];
    ways_in: GET "/session", "/session",
        answered [reader auditor writer delegate admin nobody] refused [];
    sign_out: DELETE "/session", "/session",
        answered [reader auditor writer delegate admin nobody] refused [];
    checkpoint: GET "/checkpoint", "/checkpoint",
        answered [reader auditor writer delegate admin nobody] refused [];
    tile: GET "/tile/0/000.p/1", "/tile/{path}",
        answered [reader auditor writer delegate admin nobody] refused [];
    checkpoint_of_log: GET "/logs/main/checkpoint", "/logs/{log}/checkpoint",
        answered [reader auditor writer delegate admin nobody] refused [];
    me: GET "/v1/me", "/v1/me",
        answered [reader auditor writer delegate admin] refused [nobody];
    logs: GET "/v1/logs", "/v1/logs",
        answered [reader auditor writer delegate admin] refused [nobody];
    consistency: GET "/v1/consistency?from=1", "/v1/consistency",
        answered [reader auditor writer delegate admin] refused [nobody];
    append: POST "/v1/events", "/v1/events",
        answered [writer delegate admin] refused [reader auditor nobody];
    append_of_log: POST "/v1/logs/main/events", "/v1/logs/{log}/events",
        answered [writer delegate admin] refused [reader auditor nobody];
    events: GET "/v1/events", "/v1/events",
        answered [reader auditor admin] refused [writer delegate nobody];
    events_of_log: GET "/v1/logs/main/events", "/v1/logs/{log}/events",
        answered [reader auditor admin] refused [writer delegate nobody];
    one_event: GET "/v1/events/0", "/v1/events/{event}",
        answered [reader auditor admin] refused [writer delegate nobody];
    receipt: GET "/v1/events/0/receipt", "/v1/events/{event}/receipt",
        answered [reader auditor admin] refused [writer delegate nobody];
    trail: GET "/api/reader/audit", "/api/{user_id}/audit",
        answered [reader auditor admin] refused [writer delegate nobody];
    feed: GET "/v1/feed", "/v1/feed",
        answered [reader auditor admin] refused [writer delegate nobody];
    counts: GET "/v1/counts", "/v1/counts",
        answered [auditor admin] refused [reader writer delegate nobody];
    buckets: GET "/v1/buckets", "/v1/buckets",
        answered [auditor admin] refused [reader writer delegate nobody];
    values: GET "/v1/values/actors", "/v1/values/{field}",
        answered [auditor admin] refused [reader writer delegate nobody];
    aggregates: GET "/v1/aggregates", "/v1/aggregates",
        answered [auditor admin] refused [reader writer delegate nobody];
    aggregate_events: GET "/v1/aggregates/Order/1/events", "/v1/aggregates/{aggregateType}/{aggregateId}/events",
        answered [auditor admin] refused [reader writer delegate nobody];
    state: GET "/v1/aggregates/Order/1/state", "/v1/aggregates/{aggregateType}/{aggregateId}/state",
        answered [auditor admin] refused [reader writer delegate nobody];
    diff: GET "/v1/aggregates/Order/1/diff?from=0", "/v1/aggregates/{aggregateType}/{aggregateId}/diff",
        answered [auditor admin] refused [reader writer delegate nobody];
    blame: GET "/v1/aggregates/Order/1/blame", "/v1/aggregates/{aggregateType}/{aggregateId}/blame",
        answered [auditor admin] refused [reader writer delegate nobody];
    timeline: GET "/v1/aggregates/Order/1/timeline", "/v1/aggregates/{aggregateType}/{aggregateId}/timeline",
        answered [auditor admin] refused [reader writer delegate nobody];
    replay: GET "/v1/aggregates/Order/1/replay", "/v1/aggregates/{aggregateType}/{aggregateId}/replay",
        answered [auditor admin] refused [reader writer delegate nobody];
    undo: GET "/v1/aggregates/Order/1/undo?version=1", "/v1/aggregates/{aggregateType}/{aggregateId}/undo",
        answered [auditor admin] refused [reader writer delegate nobody];
    snapshots_of_aggregate: GET "/v1/aggregates/Order/1/snapshots", "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots",
        answered [auditor admin] refused [reader writer delegate nobody];
    take_snapshot: POST "/v1/aggregates/Order/1/snapshots", "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots",
        answered [admin] refused [reader auditor writer delegate nobody];
    states: GET "/v1/states/Order", "/v1/states/{aggregateType}",
        answered [auditor admin] refused [reader writer delegate nobody];
    snapshots: GET "/v1/snapshots", "/v1/snapshots",
        answered [auditor admin] refused [reader writer delegate nobody];
    trace: GET "/v1/traces/c-1", "/v1/traces/{correlationId}",
        answered [auditor admin] refused [reader writer delegate nobody];
    stats: GET "/v1/stats", "/v1/stats",
        answered [auditor admin] refused [reader writer delegate nobody];
    export: GET "/v1/export", "/v1/export",
        answered [reader auditor admin] refused [writer delegate nobody];
    begin_export: POST "/v1/exports", "/v1/exports",
        answered [reader auditor admin] refused [writer delegate nobody];
    exports: GET "/v1/exports", "/v1/exports",
        answered [reader auditor admin] refused [writer delegate nobody];
    one_export: GET "/v1/exports/999", "/v1/exports/{job}",
        answered [reader auditor admin] refused [writer delegate nobody];
    give_up_export: DELETE "/v1/exports/999", "/v1/exports/{job}",
        answered [reader auditor admin] refused [writer delegate nobody];
    file_of_export: GET "/v1/exports/999/file", "/v1/exports/{job}/file",
        answered [reader auditor admin] refused [writer delegate nobody];
    manifest: GET "/v1/exports/999/manifest", "/v1/exports/{job}/manifest",
        answered [reader auditor admin] refused [writer delegate nobody];
    begin_verification: POST "/v1/verifications", "/v1/verifications",
        answered [auditor admin] refused [reader writer delegate nobody];
    verifications: GET "/v1/verifications", "/v1/verifications",
        answered [auditor admin] refused [reader writer delegate nobody];
    one_verification: GET "/v1/verifications/999", "/v1/verifications/{job}",
        answered [auditor admin] refused [reader writer delegate nobody];
    give_up_verification: DELETE "/v1/verifications/999", "/v1/verifications/{job}",
        answered [auditor admin] refused [reader writer delegate nobody];
    dead_letters: GET "/v1/dead-letters", "/v1/dead-letters",
        answered [auditor admin] refused [reader writer delegate nobody];
    dead_letter: GET "/v1/dead-letters/999", "/v1/dead-letters/{letter}",
        answered [auditor admin] refused [reader writer delegate nobody];
    mend: PUT "/v1/dead-letters/999", "/v1/dead-letters/{letter}",
        answered [admin] refused [reader auditor writer delegate nobody];
    retry: POST "/v1/dead-letters/999/retry", "/v1/dead-letters/{letter}/retry",
        answered [admin] refused [reader auditor writer delegate nobody];
    discard: POST "/v1/dead-letters/999/discard", "/v1/dead-letters/{letter}/discard",
        answered [admin] refused [reader auditor writer delegate nobody];
    metrics: GET "/metrics", "/metrics",
        answered [auditor admin] refused [reader writer delegate nobody];
}

/// What is about signing in has tests of its own.
const ELSEWHERE: [(&str, &str); 3] =
    [("POST", "/session"), ("GET", "/session/sign-in"), ("GET", "/session/callback")];

#[tokio::test]
async fn every_route_that_is_described_has_a_cell_for_each_role() {
    let api = STAGE.1.book.openapi().await;
    for (path, item) in api["paths"].as_object().unwrap() {
        let path = match path.strip_prefix("/v1/logs/{log}") {
            Some(rest) => format!("/v1{rest}"),
            None => path.strip_prefix("/logs/{log}").unwrap_or(path).to_owned(),
        };
        for method in item.as_object().unwrap().keys() {
            let route = (method.to_uppercase(), path.clone());
            let is = |method: &str, path: &str| (method, path) == (route.0.as_str(), route.1.as_str());
            let cells = ROUTES.iter().filter(|(method, path, _)| is(method, path)).map(|(.., cells)| *cells);
            let elsewhere = ELSEWHERE.iter().any(|(method, path)| is(method, path));
            assert!(elsewhere || cells.max() == Some(Role::ALL.len() + 1), "{route:?} has not all its cells");
        }
    }
}

#[test]
fn a_method_or_a_path_that_is_not_there_is_there_for_nobody() {
    let (runtime, office) = &*STAGE;
    let admin = format!("Bearer {}", office.token("admin", &[Role::Admin], "*"));
    for headers in [&[][..], &[("authorization", admin.as_str())]] {
        let ask = |method, path| runtime.block_on(office.ask_with(headers, method, path, None)).code();
        assert_eq!(ask(Method::DELETE, "/v1/events"), "method-not-allowed");
        assert_eq!(ask(Method::GET, "/v1/nothing"), "no-such-route");
    }
}

#[test]
fn a_log_that_somebody_may_not_use_is_to_her_as_if_it_were_not_there() {
    let (runtime, office) = &*STAGE;
    let ask = |token: &str, path: &str| runtime.block_on(office.ask_as(token, Method::GET, path, None));
    let of_main = office.token("admin", &[Role::Admin], "main");
    assert!(ask(&of_main, "/v1/logs/main/events").status.is_success());
    let hidden = ask(&of_main, "/v1/logs/access/events");
    let absent = ask(&of_main, "/v1/logs/absent/events");
    assert_eq!((hidden.status, hidden.code().as_str()), (StatusCode::NOT_FOUND, "no-such-log"));
    assert_eq!(hidden.text.replace("access", "absent"), absent.text);
    let names = ask(&of_main, "/v1/logs").json()["items"].as_array().unwrap().len();
    assert_eq!(names, 1);
    let of_access = office.token("auditor", &[Role::Auditor], "access");
    assert!(ask(&of_access, "/v1/logs/access/events").status.is_success());
    for path in ["/v1/events", "/v1/logs/main/events", "/api/auditor/audit"] {
        assert_eq!(ask(&of_access, path).status, StatusCode::NOT_FOUND, "{path}");
    }
    let of_all = office.token("auditor", &[Role::Auditor], "*");
    assert!(ask(&of_all, "/v1/logs/access/events").status.is_success());
}
