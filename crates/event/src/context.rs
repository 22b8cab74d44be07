use crate::json::{InvalidJson, JsonObject, write_json_string};

/// What Annals itself notes about the recording of an event; never mixed into the producer's bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Context(JsonObject);

/// The members that Annals knows; each is left out when nobody knows it.
#[derive(Debug, Clone, Default)]
pub struct ContextBuilder {
    /// Where the event came from, such as `kafka:orders/3@1188` or `file:orders.jsonl:17`.
    pub source: Option<String>,
    /// The source's own id of the event, when that is not a UUID.
    pub source_event_id: Option<String>,
    /// The W3C trace context of the request.
    pub traceparent: Option<String>,
    /// The id of the request that carried the append.
    pub request_id: Option<String>,
    /// Who sent the append, when that is not the actor.
    pub recorded_by: Option<String>,
}

impl Context {
    /// A context about which nothing is known: `{}`.
    #[must_use]
    pub fn empty() -> Self {
        Self(JsonObject::empty())
    }

    /// Takes an object as the context, such as one that was exported.
    #[must_use]
    pub fn from_object(object: JsonObject) -> Self {
        Self(object)
    }

    /// The context as the object that is stored and committed to.
    #[must_use]
    pub fn as_object(&self) -> &JsonObject {
        &self.0
    }

    /// The context's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl ContextBuilder {
    /// The context with the members that are known, in a fixed order.
    ///
    /// # Errors
    /// [`InvalidJson`] when a value holds NUL or a noncharacter.
    pub fn build(&self) -> Result<Context, InvalidJson> {
        let members = [
            ("source", &self.source),
            ("sourceEventId", &self.source_event_id),
            ("traceparent", &self.traceparent),
            ("requestId", &self.request_id),
            ("recordedBy", &self.recorded_by),
        ];
        let mut text = String::from("{");
        for (name, value) in members.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            if text.len() > 1 {
                text.push(',');
            }
            write_json_string(&mut text, name);
            text.push(':');
            write_json_string(&mut text, value);
        }
        text.push('}');
        JsonObject::new(text).map(Context)
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
