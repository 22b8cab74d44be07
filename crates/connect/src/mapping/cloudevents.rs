use annals_event::{InvalidEvent, JsonObject, StreamName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::mapped_event::{MappedEvent, Provenance, SourceEventId};
use super::members::{Member, Members, json_object};
use crate::refusal::Refusal;

/// CloudEvents 1.0 in their JSON format.
///
/// A subject `TYPE/ID` names the aggregate. A subject without slash is the id of an aggregate whose type is the last
/// step of `source`; without a subject the event belongs to the aggregate `Source/<source>`. `data` is the payload,
/// `{}` where there is none; all attributes besides `id`, `type` and `time` become the metadata. The extension
/// `authid` is who did it, `traceparent` the trace.
pub(super) fn map(mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    let id = members.need(&["id"], "a string")?.id()?;
    let event_type = members.need(&["type"], "a string, as in \"com.example.order.placed\"")?.name()?;
    let timestamp = members.take(&["time"])?.map(|time| time.time()).transpose()?;
    let payload = take_payload(&mut members)?;
    let metadata = members.into_object()?;
    let mut attributes = Members::of(metadata.as_str())?;
    let version = attributes.need(&["specversion"], "the string \"1.0\"")?;
    if version.text()? != "1.0" {
        return Err(Refusal::Form {
            member: "specversion".into(),
            reason: "is not \"1.0\", the only version of CloudEvents that is known here".into(),
        });
    }
    let source = attributes.need(&["source"], "a string, as in \"/orders\"")?.text()?;
    let stream = stream_of(&source, attributes.take(&["subject"])?)?;
    let mut event = MappedEvent::new(stream, event_type, payload);
    event.event_id = Some(match SourceEventId::from(&*id) {
        SourceEventId::Foreign { id, .. } => SourceEventId::Foreign { issuer: Some(source.into_owned()), id },
        uuid @ SourceEventId::Uuid(_) => uuid,
    });
    event.timestamp = timestamp;
    if let Some(actor) = attributes.take(&["authid"])? {
        event.actor_id = actor.actor()?;
    }
    let traceparent = attributes.take(&["traceparent"])?.map(|trace| trace.text()).transpose()?;
    event.provenance = Provenance::Here { traceparent: traceparent.map(Into::into) };
    event.metadata = metadata;
    Ok(event)
}

fn take_payload(members: &mut Members<'_>) -> Result<JsonObject, Refusal> {
    let data = members.take(&["data"])?;
    let base64 = members.take(&["data_base64"])?;
    match (data, base64) {
        (None, None) => Ok(JsonObject::empty()),
        (Some(data), None) => data.object(),
        (None, Some(base64)) => {
            let bytes = STANDARD.decode(base64.text()?.as_bytes()).ok();
            let text =
                bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| Refusal::Form {
                    member: "data_base64".into(),
                    reason: "does not hold base64 of UTF-8; only JSON objects can be stored".into(),
                })?;
            json_object("data_base64", text.into())
        }
        (Some(_), Some(_)) => Err(Refusal::MemberTwice { member: "data".into() }),
    }
}

fn stream_of(source: &str, subject: Option<Member<'_>>) -> Result<StreamName, Refusal> {
    let Some(member) = subject else { return named("source", "Source", source) };
    let subject = member.text()?;
    let subject = subject.strip_prefix('/').unwrap_or(&subject);
    match subject.split_once('/') {
        Some((aggregate_type, aggregate_id)) => named("subject", aggregate_type, aggregate_id),
        None => {
            let last_step = source.rsplit(['/', ':', '#']).find(|step| !step.is_empty());
            named("subject", last_step.unwrap_or("Source"), subject)
        }
    }
}

fn named(member: &str, aggregate_type: &str, aggregate_id: &str) -> Result<StreamName, Refusal> {
    let refuse = |source: InvalidEvent| Refusal::InvalidMember { member: member.to_owned(), source };
    StreamName::new(aggregate_type, aggregate_id).map_err(refuse)
}
