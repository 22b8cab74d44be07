//! How events and heartbeats are written into a feed.

use annals::{JsonForm, Position, RecordedEvent};

/// After this a browser whose connection was lost comes back, in milliseconds.
const RETRY_MS: u32 = 1_000;

/// What a feed begins with.
pub(super) fn opening() -> String {
    format!("retry: {RETRY_MS}\n\n")
}

/// What a feed tells of the events before: nothing where it leaves none out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Previous {
    /// Every event comes, so that positions without gaps say it all.
    IsPlain,
    /// The one before in this feed, or that behind which it began; none before the first.
    At(Option<Position>),
}

/// Appends an event.
pub(super) fn write_event(text: &mut String, event: &RecordedEvent, form: JsonForm, previous: Previous) {
    text.push_str(&format!("id: {}\ndata: ", event.position));
    let start = text.len();
    event.write_json(text, form);
    if let Previous::At(previous) = previous
        && text.ends_with('}')
    {
        text.pop();
        text.push_str(&format!(",\"previousPosition\":{}}}", number(previous)));
    }
    keep_in_its_field(text, start);
    text.push_str("\n\n");
}

/// Appends the news that nothing came; `scanned` is the position up to which everything was looked at.
pub(super) fn write_heartbeat(text: &mut String, scanned: Option<Position>, previous: Option<Position>) {
    text.push_str("event: heartbeat\n");
    if let Some(scanned) = scanned {
        text.push_str(&format!("id: {scanned}\n"));
    }
    let (scanned, previous) = (number(scanned), number(previous));
    text.push_str(&format!("data: {{\"scanned\":{scanned},\"previousPosition\":{previous}}}\n\n"));
}

fn number(position: Option<Position>) -> String {
    position.map_or_else(|| "null".to_owned(), |position| position.to_string())
}

/// A producer may have written its JSON over several lines, and a line end ends a field. In JSON it stands only between
/// tokens, so that a space in its place changes no value; who needs the bytes asks for the raw form.
fn keep_in_its_field(text: &mut String, start: usize) {
    let written = text.get(start..).unwrap_or_default();
    if written.contains(['\n', '\r']) {
        let in_one_line = written.replace(['\n', '\r'], " ");
        text.truncate(start);
        text.push_str(&in_one_line);
    }
}
