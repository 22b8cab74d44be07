use annals::{DeadLetter, DeadLetterState};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// A dead letter as it is answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LetterDocument<'a> {
    id: u64,
    state: &'static str,
    received_at: String,
    source: &'a str,
    place: &'a str,
    code: &'a str,
    reason: &'a str,
    /// The input, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
    /// The input's bytes, where it is not (RFC 4648 section 4).
    #[serde(skip_serializing_if = "Option::is_none")]
    record_base64: Option<String>,
}

/// A dead letter as JSON, in the words of the file that an import leaves.
pub(super) fn to_json(letter: &DeadLetter) -> String {
    let text = std::str::from_utf8(&letter.letter.raw).ok();
    let document = LetterDocument {
        id: letter.id.0,
        state: state_name(letter.state),
        received_at: letter.received_at.to_string(),
        source: &letter.letter.source,
        place: &letter.letter.place,
        code: &letter.letter.code,
        reason: &letter.letter.reason,
        record: text,
        record_base64: text.is_none().then(|| STANDARD.encode(&letter.letter.raw)),
    };
    // Strings and numbers always become JSON.
    serde_json::to_string(&document).unwrap_or_default()
}

pub(super) fn state_name(state: DeadLetterState) -> &'static str {
    match state {
        DeadLetterState::Open => "open",
        DeadLetterState::Retried => "retried",
        DeadLetterState::Discarded => "discarded",
    }
}
