use std::sync::Arc;

use annals::{Append, ContextBuilder, DeadLetter, EventId};
use annals_auth::Caller;
use annals_connect::{Record, Validate};
use annals_wire::{Arrival, ForeignContext, new_event, write_appended};
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer;
use crate::logs::OpenLog;
use crate::problem::RequestError;
use crate::request_id::RequestId;

/// Appends what a dead letter holds.
///
/// # Errors
/// [`RequestError::Event`] when it is still no event, [`RequestError::Store`] when the log refuses it.
pub(super) async fn append(
    log: &OpenLog,
    letter: &DeadLetter,
    caller: &Caller,
    RequestId(request_id): RequestId,
    checks: &[Arc<dyn Validate>],
) -> Result<Response, RequestError> {
    let text = std::str::from_utf8(&letter.letter.raw).map_err(|error| RequestError::Body {
        what: format!("the dead letter is not UTF-8 from byte {} on; mend it first", error.valid_up_to()),
    })?;
    let context = ContextBuilder {
        source: Some(letter.letter.source.clone()),
        request_id: Some(request_id),
        ..ContextBuilder::default()
    };
    let known = caller.is_known().then(|| caller.subject().clone());
    let arrival = Arrival { context, foreign: ForeignContext::IsRefused, caller: known };
    let refused = |refusal| RequestError::Event { index: 0, refusal };
    let mut event = new_event(&Record::json(1, text), &arrival).map_err(refused)?;
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
