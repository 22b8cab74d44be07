use annals::{ContextBuilder, EventId, NewEvent};
use annals_auth::{Caller, Permission};
use annals_connect::{Record, Validate};
use annals_wire::{Arrival, ForeignContext, new_event};
use axum::http::{HeaderMap, HeaderName};
use std::sync::Arc;

use crate::problem::RequestError;
use crate::request_id::RequestId;
use crate::state::App;

/// What the context of events that came over HTTP names as their source.
const SOURCE: &str = "http";

/// A key is not longer than this.
const KEY_BYTES_MAX: usize = 255;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Receives the events of one request: gives them their context, their actor and their identity, and checks them at the
/// door.
pub(super) struct Receiving {
    caller: Caller,
    arrival: Arrival,
    /// The key that makes ids.
    key: Option<String>,
    /// How many events were received.
    received: usize,
    checks: Vec<Arc<dyn Validate>>,
}

impl Receiving {
    /// # Errors
    /// [`RequestError::Header`].
    pub(super) fn new(
        app: &App,
        caller: Caller,
        RequestId(request_id): RequestId,
        headers: &HeaderMap,
    ) -> Result<Self, RequestError> {
        let foreign = match caller.may(Permission::Administer) {
            true => ForeignContext::IsKept,
            false => ForeignContext::IsRefused,
        };
        let context = ContextBuilder {
            source: Some(SOURCE.to_owned()),
            traceparent: headers
                .get(TRACEPARENT)
                .and_then(|value| value.to_str().ok())
                .and_then(trace_context),
            request_id: Some(request_id),
            ..ContextBuilder::default()
        };
        let known = caller.is_known().then(|| caller.subject().clone());
        let key = idempotency_key(headers)?;
        let checks = app.options.checks.clone();
        Ok(Self { arrival: Arrival { context, foreign, caller: known }, caller, key, received: 0, checks })
    }

    /// Receives an event that is `text`.
    ///
    /// # Errors
    /// [`RequestError::Event`] with its index, [`RequestError::Forbidden`] when the caller may not record it.
    pub(super) fn event(&mut self, text: &str) -> Result<NewEvent, RequestError> {
        let index = self.received;
        self.received += 1;
        let refused = |refusal| RequestError::Event { index, refusal };
        let mut event = new_event(&Record::json(1, text), &self.arrival).map_err(refused)?;
        if self.caller.is_known()
            && !event.actor_id.as_ref().is_some_and(|actor| self.caller.may_append_as(actor))
        {
            return Err(RequestError::Forbidden { permission: Permission::AppendForOthers });
        }
        if let Some(key) = &self.key
            && event.event_id.is_none()
        {
            let subject = self.caller.subject().as_str();
            event.event_id = Some(EventId::derived(&[
                b"idempotency-key",
                subject.as_bytes(),
                key.as_bytes(),
                index.to_string().as_bytes(),
            ]));
        }
        self.checks.iter().try_for_each(|check| check.check(&event)).map_err(refused)?;
        Ok(event)
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, RequestError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_BYTES_MAX).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(RequestError::Header {
            name: "Idempotency-Key",
            what: format!("has no value from 1 to {KEY_BYTES_MAX} printable ASCII characters"),
        }),
    }
}

/// The value if it is one of W3C Trace Context: version, trace id, parent id and flags in lowercase hex. Another one is
/// ignored, as section 3.2.2 of the recommendation demands.
fn trace_context(value: &str) -> Option<String> {
    let parts: Vec<&str> = value.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    (lengths == [2, 32, 16, 2] && parts.iter().all(is_hex)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trace_context_is_kept() {
        let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_context(given).as_deref(), Some(given));
        for other in ["", "00-x-y-z", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-1-2-3"] {
            assert_eq!(trace_context(other), None, "{other}");
        }
    }
}
