//! Which requests are recorded, and as what: the one table.

use axum::http::Method;

/// As what a request is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not at all: it shows nothing that anybody did, or, of a job, what is recorded already.
    Exempt,
    /// Events were appended. Only what was refused is recorded.
    Append,
    /// One thing was read.
    Read,
    /// Something was looked for.
    Search,
    /// A feed was opened.
    Follow,
    /// Events were taken out.
    Export,
    /// That came to its end, or was broken off.
    ExportEnd,
    /// The log was verified.
    Verify,
    /// Something was changed beside the events.
    Administer,
    /// Somebody signed in.
    SignIn,
}

use Kind::{Administer, Append, Exempt, Export, ExportEnd, Follow, Read, Search, SignIn, Verify};

/// Every route that is recorded, as it is under `/v1`.
const RECORDED: &[(Method, &str, Kind)] = &[
    (Method::POST, "/session", SignIn),
    (Method::GET, "/session/callback", SignIn),
    (Method::POST, "/v1/events", Append),
    (Method::GET, "/v1/events", Search),
    (Method::GET, "/v1/events/{event}", Read),
    (Method::GET, "/v1/events/{event}/receipt", Read),
    (Method::GET, "/v1/feed", Follow),
    (Method::GET, "/api/{user_id}/audit", Search),
    (Method::GET, "/v1/counts", Search),
    (Method::GET, "/v1/buckets", Search),
    (Method::GET, "/v1/values/{field}", Search),
    (Method::GET, "/v1/aggregates", Search),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/events", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/state", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/diff", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/blame", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/timeline", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/replay", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/undo", Read),
    (Method::GET, "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots", Read),
    (Method::POST, "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots", Administer),
    (Method::GET, "/v1/states/{aggregateType}", Search),
    (Method::GET, "/v1/snapshots", Search),
    (Method::GET, "/v1/traces/{correlationId}", Search),
    (Method::GET, "/v1/stats", Search),
    (Method::GET, "/v1/export", Export),
    (Method::POST, "/v1/exports", Export),
    (Method::DELETE, "/v1/exports/{job}", Administer),
    (Method::GET, "/v1/exports/{job}/file", Export),
    (Method::POST, "/v1/verifications", Verify),
    (Method::DELETE, "/v1/verifications/{job}", Administer),
    (Method::GET, "/v1/dead-letters", Search),
    (Method::GET, "/v1/dead-letters/{letter}", Read),
    (Method::PUT, "/v1/dead-letters/{letter}", Administer),
    (Method::POST, "/v1/dead-letters/{letter}/retry", Administer),
    (Method::POST, "/v1/dead-letters/{letter}/discard", Administer),
];

/// Routes that are not recorded.
const EXEMPT: &[&str] = &[
    "/livez",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/docs/docs.js",
    "/docs/docs.css",
    "/docs/errors/{code}",
    "/session",
    "/session/sign-in",
    "/checkpoint",
    "/tile/{*path}",
    "/v1/me",
    "/v1/logs",
    "/v1/consistency",
    "/v1/exports",
    "/v1/exports/{job}",
    "/v1/exports/{job}/manifest",
    "/v1/verifications",
    "/v1/verifications/{job}",
];

impl Kind {
    /// As what a request of this method to this route is recorded. What stands in no table and changes something is an act
    /// of administration; anything else is a read, so that nothing is forgotten.
    pub(super) fn of(method: &Method, route: &str) -> Self {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let recorded = RECORDED.iter().find(|(known, path, _)| known == method && *path == route);
        match recorded {
            Some((_, _, kind)) => *kind,
            None if EXEMPT.contains(&route) && (method.is_safe() || route == "/session") => Exempt,
            None if method.is_safe() => Read,
            None => Administer,
        }
    }

    /// The event's type.
    pub(super) fn event_type(self) -> &'static str {
        match self {
            Exempt | Read => "Read",
            Append => "AppendRefused",
            Search => "Searched",
            Follow => "Followed",
            Export => "Exported",
            ExportEnd => "ExportEnded",
            Verify => "Verified",
            Administer => "Administered",
            SignIn => "SignedIn",
        }
    }

    /// Whether nobody is answered before it is recorded.
    pub(super) fn is_recorded_first(self) -> bool {
        matches!(self, Export | Administer)
    }
}

/// The route of the same question to the log `main`.
pub(crate) fn of_main(path: &str) -> String {
    match path.strip_prefix("/v1/logs/{log}/") {
        Some(rest) => format!("/v1/{rest}"),
        None => path.strip_prefix("/logs/{log}").unwrap_or(path).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::MATRIX;

    #[test]
    fn every_route_stands_in_one_of_the_tables() {
        for (method, path, _) in MATRIX {
            let stands = RECORDED.iter().any(|(known, route, _)| known == method && route == path);
            assert!(stands || EXEMPT.contains(path), "enter {method} {path}");
        }
    }

    #[test]
    fn what_nobody_entered_is_recorded_all_the_same() {
        assert_eq!(Kind::of(&Method::GET, "/v1/forgotten"), Read);
        assert_eq!(Kind::of(&Method::DELETE, "/v1/forgotten"), Administer);
        assert_eq!(Kind::of(&Method::HEAD, "/v1/events"), Search);
        assert_eq!(of_main("/v1/logs/{log}/events"), "/v1/events");
    }
}
