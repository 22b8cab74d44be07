//! An event that somebody wants to append, in Annals's own form.

use annals::{ActorId, Context, ContextBuilder, EventId, InvalidJson, NewEvent};
use annals_connect::{MappedEvent, Preset, Provenance, Refusal, SourceEventId};

/// What becomes of the context of an event that another log recorded before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignContext {
    /// It is kept, in place of what would be noted here.
    IsKept,
    /// It is refused: it could say anything about who recorded the event.
    IsRefused,
}

/// How events came, and who brought them.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What is noted about their recording.
    context: ContextBuilder,
    /// The same as it is noted of most of them; `None` if it cannot be.
    usual: Option<Context>,
    /// What becomes of a context that one has already.
    foreign: ForeignContext,
    /// Who brought them, where that is known.
    caller: Option<ActorId>,
}

impl Arrival {
    /// Events of whose recording `context` is noted, brought by `caller`, where that is known: she is the actor of those that
    /// have none, and is noted beside those that have another one.
    #[must_use]
    pub fn new(context: ContextBuilder, foreign: ForeignContext, caller: Option<ActorId>) -> Self {
        // Why it cannot be noted, each event is told that is refused for it.
        Self { usual: context.build().ok(), context, foreign, caller }
    }

    /// Events that come from `source`, and nobody knows who brought them.
    #[must_use]
    pub fn from_source(source: &str) -> Self {
        let context = ContextBuilder { source: Some(source.to_owned()), ..ContextBuilder::default() };
        Self::new(context, ForeignContext::IsKept, None)
    }

    /// What is noted of one event; what it says itself goes before.
    fn context_of(&self, event: ContextBuilder) -> Result<Context, InvalidJson> {
        let ContextBuilder { source_event_id, traceparent, recorded_by, .. } = event;
        match &self.usual {
            Some(usual) if source_event_id.is_none() && traceparent.is_none() && recorded_by.is_none() => {
                Ok(usual.clone())
            }
            _ => {
                let mut context = self.context.clone();
                context.source_event_id = source_event_id.or(context.source_event_id);
                context.traceparent = traceparent.or(context.traceparent);
                context.recorded_by = recorded_by.or(context.recorded_by);
                context.build()
            }
        }
    }
}

/// Reads an event in Annals's own form, as [`event_in_form`] does.
///
/// # Errors
/// [`Refusal`] that names the member and the remedy.
pub fn new_event(json: &str, arrival: &Arrival) -> Result<NewEvent, Refusal> {
    event_in_form(Preset::Annals, json, arrival)
}

/// Reads an event in one of the forms that producers write. An id that is no UUID becomes the UUIDv5 of the context's source and the id
/// ([`EventId::derived`]), and stays in the context.
///
/// # Errors
/// [`Refusal`] that names the member and the remedy.
pub fn event_in_form(form: Preset, json: &str, arrival: &Arrival) -> Result<NewEvent, Refusal> {
    let mapped = form.map_json(json)?;
    if arrival.foreign == ForeignContext::IsRefused && matches!(mapped.provenance, Provenance::Elsewhere(_)) {
        return Err(Refusal::Form {
            member: "context".into(),
            reason: "is what the log itself notes about a recording; leave it out".into(),
        });
    }
    into_event(mapped, arrival)
}

fn into_event(mapped: MappedEvent, arrival: &Arrival) -> Result<NewEvent, Refusal> {
    let mut noted = ContextBuilder::default();
    let event_id = match mapped.event_id {
        None => None,
        Some(SourceEventId::Uuid(id)) => Some(id),
        Some(SourceEventId::Foreign { issuer, id }) => {
            let issuer = issuer.as_deref().or(arrival.context.source.as_deref()).unwrap_or_default();
            let derived = EventId::derived(&[issuer.as_bytes(), id.as_bytes()]);
            noted.source_event_id = Some(id);
            Some(derived)
        }
    };
    let actor_id = mapped.actor_id.or_else(|| arrival.caller.clone());
    if arrival.caller.is_some() && actor_id != arrival.caller {
        noted.recorded_by = arrival.caller.as_ref().map(ToString::to_string);
    }
    let context = match mapped.provenance {
        Provenance::Elsewhere(context) => context,
        Provenance::Here { traceparent } => {
            noted.traceparent = traceparent;
            let refuse = |source| Refusal::InvalidText { member: "context".into(), source };
            arrival.context_of(noted).map_err(refuse)?
        }
    };
    Ok(NewEvent {
        stream: mapped.stream,
        event_type: mapped.event_type,
        payload: mapped.payload,
        metadata: mapped.metadata,
        context,
        event_id,
        timestamp: mapped.timestamp,
        actor_id,
        schema_version: mapped.schema_version,
        tags: mapped.tags,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str, foreign: ForeignContext) -> Result<NewEvent, Refusal> {
        new_event(text, &Arrival { foreign, ..Arrival::from_source("cli") })
    }

    #[test]
    fn payload_and_metadata_keep_their_bytes() {
        let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{ "n" : 1.10 },"metadataText":"{ }"}"#;
        let event = event(line, ForeignContext::IsRefused).unwrap();
        assert_eq!(event.payload.as_str(), r#"{ "n" : 1.10 }"#);
        assert_eq!(event.metadata.as_str(), "{ }");
        assert_eq!(event.context.as_str(), r#"{"source":"cli"}"#);
    }

    #[test]
    fn an_id_that_is_no_uuid_gives_the_same_event_id_every_time_and_is_kept() {
        let line =
            r#"{"eventId":"evt_123","eventType":"T","aggregateType":"A","aggregateId":"1","payload":{}}"#;
        let (first, second) = (
            event(line, ForeignContext::IsRefused).unwrap(),
            event(line, ForeignContext::IsRefused).unwrap(),
        );
        assert_eq!(first.event_id, second.event_id);
        assert_eq!(first.context.as_str(), r#"{"source":"cli","sourceEventId":"evt_123"}"#);
    }

    #[test]
    fn a_misspelt_member_is_named() {
        let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{},"actr":"x"}"#;
        assert!(event(line, ForeignContext::IsRefused).unwrap_err().to_string().contains("actr"));
    }

    #[test]
    fn what_another_log_noted_is_kept_only_where_that_is_wanted() {
        let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{},"context":{"recordedBy":"x"}}"#;
        let kept = event(line, ForeignContext::IsKept).unwrap();
        assert_eq!(kept.context.as_str(), r#"{"recordedBy":"x"}"#);
        let refused = event(line, ForeignContext::IsRefused).unwrap_err();
        assert_eq!(refused.code(), "member-invalid");
    }

    #[test]
    fn whoever_brings_an_event_is_its_actor_or_is_noted_beside_the_actor() {
        let maria = ActorId::new("maria").unwrap();
        let arrival = Arrival { caller: Some(maria.clone()), ..Arrival::from_source("http") };
        let event = |actor: &str| {
            let text =
                format!(r#"{{"eventType":"T","aggregateType":"A","aggregateId":"1",{actor}"payload":{{}}}}"#);
            new_event(&text, &arrival).unwrap()
        };
        let own = event("");
        assert_eq!((own.actor_id, own.context.as_str()), (Some(maria), r#"{"source":"http"}"#));
        let named = event(r#""actorId":"jonas","#);
        assert_eq!(named.actor_id, Some(ActorId::new("jonas").unwrap()));
        assert_eq!(named.context.as_str(), r#"{"source":"http","recordedBy":"maria"}"#);
    }
}
