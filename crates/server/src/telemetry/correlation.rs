use annals::NewEvent;
use tracing::{Span, field};

/// Has what is logged of a request bear the correlation id of the first of its events, by which all that belongs together
/// is found.
pub(crate) fn correlate(event: &NewEvent) {
    let span = Span::current();
    if span.is_disabled() {
        return;
    }
    if let Some(id) = event.metadata.string_member("correlationId") {
        span.record("correlationId", field::display(id));
    }
}
