use annals::history::HistoryError;
use annals::{ExpectedVersion, IdConflict, StoreError};
use annals_connect::Refusal;
use serde_json::{Map, Value, json};

use super::RequestError;

impl RequestError {
    /// What programs need to know of it, by names that stay.
    pub(crate) fn facts(&self) -> Map<String, Value> {
        let facts = match self {
            Self::UnknownParameter { name, known } => json!({"parameter": name, "allowed": known}),
            Self::InvalidParameter { name, .. } => json!({"parameter": name}),
            Self::Header { name, .. } => json!({"header": name}),
            Self::MediaType { given, .. } => json!({"mediaType": given}),
            Self::BodyTooLarge { bytes_max } => json!({"bytesMax": bytes_max}),
            Self::Event { index, refusal } => {
                json!({"event": index, "member": member_of(refusal)})
            }
            Self::NoLog { name } => json!({"log": name}),
            Self::ReadOnly { log } => json!({"log": log.as_str()}),
            Self::TooOften { wait_seconds } => json!({"waitSeconds": wait_seconds}),
            Self::JobRunning { job } => json!({"job": job}),
            Self::LetterSettled { id, state } => json!({"deadLetter": id, "state": state}),
            Self::Store(error) => of_store(error),
            Self::History(error) => of_history(error),
            _ => Value::Null,
        };
        match facts {
            Value::Object(facts) => facts.into_iter().filter(|(_, fact)| !fact.is_null()).collect(),
            _ => Map::new(),
        }
    }
}

/// Which member of an event is to blame, where one is.
fn member_of(refusal: &Refusal) -> Option<&str> {
    match refusal {
        Refusal::MissingMember { member, .. }
        | Refusal::WrongType { member, .. }
        | Refusal::MemberTwice { member }
        | Refusal::UnknownMember { member, .. }
        | Refusal::Form { member, .. }
        | Refusal::InvalidMember { member, .. }
        | Refusal::InvalidText { member, .. } => Some(member),
        _ => None,
    }
}

fn of_store(error: &StoreError) -> Value {
    match error {
        StoreError::InvalidEvent { index, .. } => json!({"event": index}),
        StoreError::ReservedStream { index, stream } => {
            json!({"event": index, "aggregate": stream.to_string()})
        }
        StoreError::WrongExpectedVersion { stream, expected, actual } => json!({
            "aggregate": stream.to_string(),
            "expected": match expected {
                ExpectedVersion::Exactly(version) => json!(version.0),
                word => json!(word.to_string()),
            },
            "actual": actual.map_or(0, |version| version.0),
        }),
        StoreError::ConditionFailed { position } => json!({"position": position.0}),
        StoreError::EventIdConflict { event_id, reason } => json!({
            "eventId": event_id.to_string(),
            "reason": match reason {
                IdConflict::OtherContent { .. } => "other-content",
                IdConflict::PartialRepeat { .. } => "partial-repeat",
                IdConflict::TwiceInAppend => "twice-in-append",
            },
            "position": match reason {
                IdConflict::OtherContent { position } | IdConflict::PartialRepeat { position } => Some(position.0),
                IdConflict::TwiceInAppend => None,
            },
        }),
        StoreError::CursorConflict { name, expected, actual } => json!({
            "cursor": name.as_str(),
            "expected": expected.as_ref().map(ToString::to_string),
            "actual": actual.as_ref().map(ToString::to_string),
        }),
        _ => Value::Null,
    }
}

fn of_history(error: &HistoryError) -> Value {
    match error {
        HistoryError::NoStream { stream } | HistoryError::NotKept { stream, .. } => {
            json!({"aggregate": stream.to_string()})
        }
        HistoryError::NoVersion { stream, version, head } => {
            json!({"aggregate": stream.to_string(), "version": version.0, "lastVersion": head.0})
        }
        HistoryError::Reducer { failure } | HistoryError::Upcaster { failure } => json!({
            "aggregate": failure.stream.to_string(),
            "version": failure.version.0,
            "eventId": failure.event_id.to_string(),
        }),
        HistoryError::NotExpressible { stream, version, path } => {
            json!({"aggregate": stream.to_string(), "version": version.0, "path": path})
        }
        _ => Value::Null,
    }
}
