use std::str::FromStr as _;

use axum::http::{HeaderMap, HeaderValue};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The header that says where a request stands in a trace (W3C Trace Context section 3.2).
const TRACEPARENT: &str = "traceparent";

/// The value of a header `traceparent` if it is one of W3C Trace Context: version, trace id, parent id and flags in lowercase
/// hex. Another one is ignored, as section 3.2.2 of the recommendation demands.
pub(crate) fn trace_context(value: &str) -> Option<String> {
    let parts: Vec<&str> = value.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    (lengths == [2, 32, 16, 2] && parts.iter().all(is_hex)).then(|| value.to_owned())
}

/// Has `span` go on in the trace that a client names, and the headers say from now on where the work on the request stands,
/// if anybody traces it. Otherwise they go on saying what the client said.
pub(super) fn join_trace(span: &Span, headers: &mut HeaderMap) {
    if let Some(client) = of_client(headers) {
        // Without anybody who traces there is nothing to be told.
        let _ = span.set_parent(client);
    }
    if let Some(place) = place_of(span) {
        headers.insert(TRACEPARENT, place);
    }
}

/// The trace of the client, to which `tracestate` may say more (section 3.3).
fn of_client(headers: &HeaderMap) -> Option<Context> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let traceparent = trace_context(text(TRACEPARENT)?)?;
    let mut parts = traceparent.split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let parent = SpanId::from_hex(parts.next()?).ok()?;
    let flags = TraceFlags::new(u8::from_str_radix(parts.next()?, 16).ok()?) & TraceFlags::SAMPLED;
    let state = text("tracestate").and_then(|state| TraceState::from_str(state).ok());
    let remote = SpanContext::new(trace, parent, flags, true, state.unwrap_or_default());
    remote.is_valid().then(|| Context::new().with_remote_span_context(remote))
}

/// Where the work of a span stands; `None` where nobody traces it.
fn place_of(span: &Span) -> Option<HeaderValue> {
    let context = span.context();
    let span = context.span();
    let at = span.span_context();
    let flags = at.trace_flags().to_u8();
    let place = format!("00-{}-{}-{flags:02x}", at.trace_id(), at.span_id());
    at.is_valid().then(|| HeaderValue::from_str(&place).ok()).flatten()
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

    #[test]
    fn a_trace_of_nobody_is_not_joined() {
        let joins = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(TRACEPARENT, HeaderValue::from_static(value));
            of_client(&headers).is_some()
        };
        assert!(joins("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!joins("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
        assert!(!joins("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
        assert!(!joins("nothing"));
    }

    #[test]
    fn where_nobody_traces_the_client_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(
            TRACEPARENT,
            HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        );
        let before = headers.clone();
        join_trace(&Span::none(), &mut headers);
        assert_eq!(headers, before);
    }
}
