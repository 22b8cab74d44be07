use annals::{ContextBuilder, EventId, NewEvent};
use annals_auth::{Caller, Permission};
use annals_connect::Validate;
use annals_wire::{Arrival, ForeignContext, new_event};
use axum::http::{HeaderMap, HeaderName};
use std::sync::Arc;

use crate::problem::RequestError;
use crate::request_id::RequestId;
use crate::state::App;
use crate::telemetry::{correlate, trace_context};

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
        Ok(Self { arrival: Arrival::new(context, foreign, known), caller, key, received: 0, checks })
    }

    /// Receives an event that is `text`.
    ///
    /// # Errors
    /// [`RequestError::Event`] with its index, [`RequestError::Forbidden`] when the caller may not record it.
    pub(super) fn event(&mut self, text: &str) -> Result<NewEvent, RequestError> {
        let index = self.received;
        self.received += 1;
        let refused = |refusal| RequestError::Event { index, refusal };
        let mut event = new_event(text, &self.arrival).map_err(refused)?;
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
        if index == 0 {
            correlate(&event);
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
