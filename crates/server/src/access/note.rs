use std::collections::BTreeMap;
use std::net::SocketAddr;

use annals::{
    ActorId, ContextBuilder, EventId, EventType, InvalidEvent, JsonObject, NewEvent, StreamName, Tag,
    Timestamp,
};
use annals_auth::Caller;
use serde::Serialize;

use super::count::Count;
use super::kind::Kind;

/// A value of a filter, or of what a client says of itself, is kept up to so many bytes.
const VALUE_BYTES_MAX: usize = 4 << 10;

/// So many values of filters are kept.
const VALUES_MAX: usize = 200;

/// What is recorded of one request, or of several like it.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) id: EventId,
    pub(super) at: Timestamp,
    pub(super) kind: Kind,
    pub(super) caller: Option<Caller>,
    pub(super) from: Option<SocketAddr>,
    /// Whom the request names as the one from whom it comes; proxies say that, and so may anybody.
    pub(super) forwarded_for: Option<String>,
    pub(super) request_id: String,
    pub(super) traceparent: Option<String>,
    /// Method and path as the router knows it.
    pub(super) route: String,
    pub(super) path: String,
    pub(super) log: Option<String>,
    /// What the path names, such as an aggregate or an event.
    pub(super) subject: Option<String>,
    pub(super) filters: Vec<(String, String)>,
    pub(super) status: u16,
    pub(super) code: Option<&'static str>,
    pub(super) count: Option<Count>,
    /// How many requests it stands for.
    pub(super) times: u64,
}

/// The payload.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotePayload<'a> {
    route: &'a str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    filters: BTreeMap<String, Vec<String>>,
    result: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// How many items were shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// Whether the answer was still being written when it was counted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded_for: Option<String>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
}

impl Note {
    /// Whether the request was answered, refused, or failed.
    fn result(&self) -> &'static str {
        match self.status {
            100..400 => "answered",
            400..500 => "refused",
            _ => "failed",
        }
    }

    /// The event that records it.
    ///
    /// # Errors
    /// What no event can hold, in words. Nothing that was cleaned meets it.
    pub(super) fn event(&self) -> Result<NewEvent, String> {
        let actor = self.caller.as_ref().map_or_else(ActorId::anonymous, |caller| caller.subject().clone());
        let said = |error: InvalidEvent| error.to_string();
        let stream = StreamName::new("Access", actor.as_str()).map_err(said)?;
        let event_type = EventType::new(self.kind.event_type()).map_err(said)?;
        let payload = JsonObject::new(self.payload()).map_err(|error| error.to_string())?;
        let context = ContextBuilder {
            source: Some("http".to_owned()),
            traceparent: self.traceparent.clone(),
            request_id: Some(self.request_id.clone()),
            ..ContextBuilder::default()
        };
        Ok(NewEvent {
            event_id: Some(self.id),
            timestamp: Some(self.at),
            actor_id: Some(actor),
            tags: self.tags().into_iter().collect(),
            context: context.build().map_err(|error| error.to_string())?,
            ..NewEvent::new(stream, event_type, payload)
        })
    }

    /// By what an auditor looks: in which log, at what, and whether she got it. What is too long to be a tag stands in the
    /// payload only.
    fn tags(&self) -> Vec<Tag> {
        let log = self.log.as_ref().map(|log| format!("log:{log}"));
        let result = format!("result:{}", self.result());
        let texts = log.into_iter().chain(self.subject.clone()).chain([result]);
        texts.filter_map(|text| Tag::new(text).ok()).collect()
    }

    fn payload(&self) -> String {
        let counted = self.count.as_ref().map(Count::read);
        let mut filters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in self.filters.iter().take(VALUES_MAX) {
            filters.entry(clean(name)).or_default().push(clean(value));
        }
        let payload = NotePayload {
            route: &self.route,
            path: clean(&self.path),
            log: self.log.as_deref(),
            filters,
            result: self.result(),
            status: self.status,
            code: self.code,
            count: counted.map(|(shown, _)| shown),
            unfinished: counted.is_some_and(|(_, is_finished)| !is_finished),
            from: self.from.map(|address| address.ip().to_string()),
            forwarded_for: self.forwarded_for.as_deref().map(clean),
            request_id: &self.request_id,
            credential: self.caller.as_ref().map(crate::guard::credential),
            roles: self.caller.as_ref().map(|caller| caller.roles().to_string()),
            times: (self.times > 1).then_some(self.times),
        };
        // Strings and numbers always become JSON.
        serde_json::to_string(&payload).unwrap_or_default()
    }
}

/// The event that tells that requests were answered and not recorded.
pub(super) fn unrecorded(count: u64) -> Option<NewEvent> {
    let stream = StreamName::new("Access", ActorId::anonymous().as_str()).ok()?;
    let payload = JsonObject::new(format!("{{\"count\":{count}}}")).ok()?;
    Some(NewEvent::new(stream, EventType::new("Unrecorded").ok()?, payload))
}

/// A text from outside, without what no payload may hold (NUL and noncharacters, RFC 7493 section 2.1), and cut where
/// nobody would read on.
fn clean(text: &str) -> String {
    let is_kept =
        |c: &char| *c != '\0' && !matches!(*c, '\u{fdd0}'..='\u{fdef}') && u32::from(*c) & 0xfffe != 0xfffe;
    let mut cleaned: String = text.chars().map(|c| if is_kept(&c) { c } else { '\u{fffd}' }).collect();
    if cleaned.len() > VALUE_BYTES_MAX {
        let end = (0..=VALUE_BYTES_MAX).rev().find(|end| cleaned.is_char_boundary(*end)).unwrap_or_default();
        cleaned.truncate(end);
        cleaned.push('…');
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_payload_may_hold_is_replaced_and_what_is_long_is_cut() {
        assert_eq!(clean("a\0b\u{ffff}\u{1fffe}\u{fdd0}c"), "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}c");
        let long = clean(&"é".repeat(VALUE_BYTES_MAX));
        assert!(long.ends_with('…') && long.len() <= VALUE_BYTES_MAX + '…'.len_utf8());
    }
}
