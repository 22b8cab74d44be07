//! What each route asks of its caller: the one table. What it does not name, no other than an administrator may ask.

use annals_auth::Permission::{self, Administer, AppendOwn, KnowOneself, ReadAll, ReadOwn};
use axum::http::Method;

use crate::access::of_main;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing. Whoever asks need not even be on this machine.
    Nothing,
    /// What is published so that anybody can check the log; the options may ask for any role.
    Published,
    /// A role that allows this.
    May(Permission),
}

use Need::{May, Nothing, Published};

/// Every route, as it is under `/v1`; a log's own routes ask the same.
pub(crate) const MATRIX: &[(Method, &str, Need)] = &[
    (Method::GET, "/livez", Nothing),
    (Method::GET, "/readyz", Nothing),
    (Method::GET, "/openapi.json", Nothing),
    (Method::GET, "/docs", Nothing),
    (Method::GET, "/docs/docs.js", Nothing),
    (Method::GET, "/docs/docs.css", Nothing),
    (Method::GET, "/docs/errors/{code}", Nothing),
    (Method::GET, "/session", Nothing),
    (Method::POST, "/session", Nothing),
    (Method::DELETE, "/session", Nothing),
    (Method::GET, "/session/sign-in", Nothing),
    (Method::GET, "/session/callback", Nothing),
    (Method::GET, "/checkpoint", Published),
    (Method::GET, "/tile/{*path}", Published),
    (Method::GET, "/v1/me", May(KnowOneself)),
    (Method::GET, "/v1/logs", May(KnowOneself)),
    (Method::GET, "/v1/consistency", May(KnowOneself)),
    (Method::POST, "/v1/events", May(AppendOwn)),
    (Method::GET, "/v1/events", May(ReadOwn)),
    (Method::GET, "/v1/events/{event}", May(ReadOwn)),
    (Method::GET, "/v1/events/{event}/receipt", May(ReadOwn)),
    (Method::GET, "/v1/feed", May(ReadOwn)),
    (Method::GET, "/v1/export", May(ReadOwn)),
    (Method::POST, "/v1/exports", May(ReadOwn)),
    (Method::GET, "/v1/exports", May(ReadOwn)),
    (Method::GET, "/v1/exports/{job}", May(ReadOwn)),
    (Method::DELETE, "/v1/exports/{job}", May(ReadOwn)),
    (Method::GET, "/v1/exports/{job}/file", May(ReadOwn)),
    (Method::GET, "/v1/exports/{job}/manifest", May(ReadOwn)),
    (Method::GET, "/api/{user_id}/audit", May(ReadOwn)),
    (Method::GET, "/v1/counts", May(ReadAll)),
    (Method::GET, "/v1/buckets", May(ReadAll)),
    (Method::GET, "/v1/values/{field}", May(ReadAll)),
    (Method::GET, "/v1/aggregates", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/events", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/state", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/diff", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/blame", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/timeline", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/replay", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/undo", May(ReadAll)),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots", May(ReadAll)),
    (Method::POST, "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots", May(Administer)),
    (Method::GET, "/v1/states/{aggregateType}", May(ReadAll)),
    (Method::GET, "/v1/snapshots", May(ReadAll)),
    (Method::GET, "/v1/traces/{correlationId}", May(ReadAll)),
    (Method::GET, "/metrics", May(ReadAll)),
    (Method::GET, "/v1/stats", May(ReadAll)),
    (Method::POST, "/v1/verifications", May(ReadAll)),
    (Method::GET, "/v1/verifications", May(ReadAll)),
    (Method::GET, "/v1/verifications/{job}", May(ReadAll)),
    (Method::DELETE, "/v1/verifications/{job}", May(ReadAll)),
    (Method::GET, "/v1/dead-letters", May(ReadAll)),
    (Method::GET, "/v1/dead-letters/{letter}", May(ReadAll)),
    (Method::PUT, "/v1/dead-letters/{letter}", May(Administer)),
    (Method::POST, "/v1/dead-letters/{letter}/retry", May(Administer)),
    (Method::POST, "/v1/dead-letters/{letter}/discard", May(Administer)),
];

/// What the route of this method and path asks.
pub(crate) fn need(method: &Method, path: &str) -> Need {
    let path = of_main(path);
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let row = MATRIX.iter().find(|(known, known_path, _)| known == method && *known_path == path);
    row.map_or(May(Administer), |(_, _, need)| *need)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::OPENAPI_JSON;

    /// Each operation of the description, its path as the router writes it.
    fn described() -> Vec<(Method, String)> {
        let api: serde_json::Value = serde_json::from_str(&OPENAPI_JSON).unwrap();
        let mut operations = Vec::new();
        for (path, item) in api["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                operations.push((method, path.replace("/tile/{path}", "/tile/{*path}")));
            }
        }
        operations
    }

    #[test]
    fn every_operation_that_is_described_stands_in_the_table() {
        for (method, path) in described() {
            let path = of_main(&path);
            let stands = MATRIX.iter().any(|(known, known_path, _)| *known == method && *known_path == path);
            assert!(stands, "enter {method} {path} in the matrix");
        }
    }

    #[test]
    fn every_row_of_the_table_is_described_but_for_what_people_look_at() {
        let described = described();
        for (method, path, need) in MATRIX {
            let shown = path.starts_with("/docs") && *need == Nothing;
            let known = described.iter().any(|(known, known_path)| known == method && known_path == path);
            assert!(known || shown, "{method} {path} is not described");
        }
        let mut rows: Vec<_> = MATRIX.iter().map(|(method, path, _)| (method.as_str(), *path)).collect();
        rows.sort_unstable();
        assert!(rows.windows(2).all(|pair| pair[0] != pair[1]), "a row stands twice");
    }

    #[test]
    fn another_log_asks_the_same_and_what_is_not_in_the_table_is_for_administrators() {
        assert_eq!(need(&Method::GET, "/v1/logs/{log}/events"), May(ReadOwn));
        assert_eq!(need(&Method::HEAD, "/v1/events"), May(ReadOwn));
        assert_eq!(need(&Method::GET, "/logs/{log}/checkpoint"), Published);
        assert_eq!(need(&Method::GET, "/v1/forgotten"), May(Administer));
        assert_eq!(need(&Method::DELETE, "/v1/events"), May(Administer));
    }
}
