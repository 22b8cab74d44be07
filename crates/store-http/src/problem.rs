//! What a server says is wrong (`application/problem+json`, RFC 9457), as the error that it was there.

use annals_event::{EventId, Position, StreamName, StreamVersion};
use annals_store::{CursorValue, ExpectedVersion, IdConflict, StoreError};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::Value;

/// The codes under which a server refuses what a store would not. Each has a page in `docs/errors`.
const CODES: &[&str] = &[
    "access-not-recorded",
    "auth-misconfigured",
    "body-too-large",
    "body-unreadable",
    "csrf-token-missing",
    "forbidden",
    "header-invalid",
    "host-refused",
    "issuer-unavailable",
    "log-read-only",
    "media-type-refused",
    "member-invalid",
    "member-missing",
    "member-unknown",
    "method-not-allowed",
    "no-such-log",
    "no-such-route",
    "parameter-invalid",
    "parameter-unknown",
    "role-missing",
    "schema-missing",
    "schema-violated",
    "server-failed",
    "session-over",
    "sign-in-failed",
    "sign-in-needed",
    "tls-needed",
    "token-expired",
    "token-refused",
    "too-many-requests",
];

/// A problem as it is answered.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    code: String,
    detail: String,
    #[serde(flatten)]
    facts: serde_json::Map<String, Value>,
}

/// What an answer that is no success says.
pub(crate) fn of_answer(status: StatusCode, body: &[u8]) -> StoreError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => problem.into_error(),
        // Something else stands at this address, or before it.
        Err(_) => StoreError::Refused {
            code: known_code(""),
            reason: format!(
                "what answers is no server of Annals, or something stands before it: it says {status}"
            ),
        },
    }
}

/// The code, if this program knows it; else that of all others.
fn known_code(code: &str) -> &'static str {
    CODES.iter().find(|known| **known == code).copied().unwrap_or("server-refused")
}

impl Problem {
    /// The error that it was there, as far as it says what is needed to know it again.
    pub(crate) fn into_error(self) -> StoreError {
        self.known().unwrap_or_else(|| self.refused())
    }

    fn known(&self) -> Option<StoreError> {
        Some(match self.code.as_str() {
            "wrong-expected-version" => StoreError::WrongExpectedVersion {
                stream: self.stream()?,
                expected: self.expected()?,
                actual: self.number("actual").filter(|version| *version > 0).map(StreamVersion),
            },
            "condition-failed" => {
                StoreError::ConditionFailed { position: Position(self.number("position")?) }
            }
            "event-id-conflict" => {
                StoreError::EventIdConflict { event_id: self.event_id()?, reason: self.conflict()? }
            }
            "cursor-conflict" => StoreError::CursorConflict {
                name: self.facts.get("cursor")?.as_str()?.parse().ok()?,
                expected: self.cursor("expected"),
                actual: self.cursor("actual"),
            },
            "reserved-stream" => StoreError::ReservedStream {
                index: usize::try_from(self.number("event")?).ok()?,
                stream: self.stream()?,
            },
            "invalid-append" => StoreError::InvalidAppend { reason: self.detail.clone() },
            "not-found" => StoreError::NotFound {
                what: self.detail.trim_start_matches("there is no ").trim_end_matches('.').to_owned(),
            },
            "store-unavailable" | "request-timed-out" | "already-written" | "store-outdated"
            | "not-a-store" => StoreError::Unavailable { reason: self.detail.clone(), source: None },
            "store-corrupt" => StoreError::Corrupt { reason: self.detail.clone() },
            _ => return None,
        })
    }

    fn refused(self) -> StoreError {
        let code = known_code(&self.code);
        let reason = if code == self.code { self.detail } else { format!("{} ({})", self.detail, self.code) };
        StoreError::Refused { code, reason }
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.facts.get(name)?.as_u64()
    }

    fn stream(&self) -> Option<StreamName> {
        self.facts.get("aggregate")?.as_str()?.parse().ok()
    }

    fn event_id(&self) -> Option<EventId> {
        self.facts.get("eventId")?.as_str()?.parse().ok()
    }

    fn expected(&self) -> Option<ExpectedVersion> {
        Some(match self.facts.get("expected")? {
            Value::Number(version) => ExpectedVersion::Exactly(StreamVersion(version.as_u64()?)),
            Value::String(word) => match word.as_str() {
                "any" => ExpectedVersion::Any,
                "none" => ExpectedVersion::NoStream,
                "exists" => ExpectedVersion::StreamExists,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn conflict(&self) -> Option<IdConflict> {
        let position = self.number("position").map(Position);
        Some(match self.facts.get("reason")?.as_str()? {
            "twice-in-append" => IdConflict::TwiceInAppend,
            "partial-repeat" => IdConflict::PartialRepeat { position: position? },
            "other-content" => IdConflict::OtherContent { position: position? },
            _ => return None,
        })
    }

    fn cursor(&self, name: &str) -> Option<CursorValue> {
        Some(CursorValue(self.facts.get(name)?.as_str()?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> StoreError {
        of_answer(StatusCode::CONFLICT, body.as_bytes())
    }

    #[test]
    fn a_conflict_is_the_one_that_it_was_there() {
        let body = r#"{"code":"wrong-expected-version","detail":"…","aggregate":"Order/1","expected":3,"actual":4,"status":409}"#;
        let StoreError::WrongExpectedVersion { stream, expected, actual } = told(body) else {
            panic!("{:?}", told(body))
        };
        assert_eq!(stream.to_string(), "Order/1");
        assert_eq!(expected, ExpectedVersion::Exactly(StreamVersion(3)));
        assert_eq!(actual, Some(StreamVersion(4)));
    }

    #[test]
    fn what_only_servers_refuse_keeps_its_code_and_the_rest_is_told_as_it_is() {
        let expired = told(r#"{"code":"token-expired","detail":"the token ended"}"#);
        assert_eq!((expired.code(), expired.to_string().as_str()), ("token-expired", "the token ended"));
        let new = told(r#"{"code":"of-tomorrow","detail":"no"}"#);
        assert_eq!((new.code(), new.to_string().as_str()), ("server-refused", "no (of-tomorrow)"));
        assert!(told("<html>502</html>").to_string().contains("409"), "{}", told("<html>"));
    }
}
