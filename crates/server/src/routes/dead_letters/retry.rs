use std::sync::Arc;

use annals::{Append, ContextBuilder, DeadLetter, EventId};
use annals_auth::Caller;
use annals_connect::{Preset, Validate};
use annals_wire::{Arrival, ForeignContext, event_in_form, write_appended};
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer;
use crate::logs::OpenLog;
use crate::problem::RequestError;
use crate::request_id::RequestId;

/// What is to be appended in the place of a dead letter.
pub(super) struct Input<'a> {
    /// The bytes: those that arrived, or what they should have been.
    pub(super) bytes: &'a [u8],
    /// The form in which an event stands in them.
    pub(super) form: Preset,
}

/// Appends a dead letter's input. Without an id of its own the event has one that follows from the letter's number.
///
/// # Errors
/// [`RequestError::Event`] when it is still no event, [`RequestError::Store`] when the log refuses it.
pub(super) async fn append(
    log: &OpenLog,
    letter: &DeadLetter,
    Input { bytes, form }: Input<'_>,
    caller: &Caller,
    RequestId(request_id): RequestId,
    checks: &[Arc<dyn Validate>],
) -> Result<Response, RequestError> {
    let text = std::str::from_utf8(bytes).map_err(|error| RequestError::Body {
        what: format!(
            "the input is not UTF-8 from byte {} on; send what it should have been",
            error.valid_up_to()
        ),
    })?;
    let context = ContextBuilder {
        source: Some(letter.letter.source.clone()),
        request_id: Some(request_id),
        ..ContextBuilder::default()
    };
    let known = caller.is_known().then(|| caller.subject().clone());
    let arrival = Arrival::new(context, ForeignContext::IsRefused, known);
    let refused = |refusal| RequestError::Event { index: 0, refusal };
    let mut event = event_in_form(form, text, &arrival).map_err(refused)?;
    checks.iter().try_for_each(|check| check.check(&event)).map_err(refused)?;
    let (origin, number) = (log.events().origin(), letter.id.0.to_string());
    let always_the_same = [b"dead-letter".as_slice(), origin.as_str().as_bytes(), number.as_bytes()];
    event.event_id.get_or_insert_with(|| EventId::derived(&always_the_same));
    let appended = log.events().append(Append::event(event)).await?;
    let mut answer = String::new();
    write_appended(&mut answer, &appended);
    let status = if appended.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok(answer::json(status, answer))
}
