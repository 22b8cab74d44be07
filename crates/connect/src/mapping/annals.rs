use annals_event::{Context, InvalidEvent};

use super::event_form::{self, Texts};
use super::mapped_event::{MappedEvent, Provenance, SourceEventId};
use super::members::{Member, Members, missing};
use crate::refusal::Refusal;

/// What the log that exported the event says, besides the producer.
const RECORDED: [&str; 6] = ["position", "version", "recordedAt", "payloadText", "metadataText", "context"];

/// The form of Annals itself, as exports and `GET /v1/events` write it, also with texts as strings (`?raw=true`).
///
/// Position, version and time of recording are given anew; they are only checked to be what they should be, so
/// that a `version` that means something else is noticed.
pub(super) fn map(mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    if members.take(&["erased"])?.is_some() {
        return Err(Refusal::Form {
            member: "erased".into(),
            reason: "names fields whose values are gone; such an event cannot be recorded anew".into(),
        });
    }
    check_place(&mut members)?;
    let payload = take_text(&mut members, ["payload", "payloadText"])?;
    let payload = payload.ok_or_else(|| missing("payload", "an object"))?.object()?;
    let metadata = take_text(&mut members, ["metadata", "metadataText"])?;
    let metadata = metadata.map(|metadata| metadata.object()).transpose()?;
    let mut event = event_form::take_event(&mut members, Texts { payload, metadata })?;
    if let Some(context) = members.take(&["context"])? {
        if matches!(event.event_id, Some(SourceEventId::Foreign { .. })) {
            return Err(Refusal::Form {
                member: "eventId".into(),
                reason: "is not a UUID, but the event has a context and so was recorded before; \
                         give its UUID, or leave out the context"
                    .into(),
            });
        }
        event.provenance = Provenance::Elsewhere(Context::from_object(context.object()?));
    }
    members.finish(&[event_form::MEMBERS, &RECORDED])?;
    Ok(event)
}

fn check_place(members: &mut Members<'_>) -> Result<(), Refusal> {
    if let Some(position) = members.take(&["position"])? {
        position.whole_number()?;
    }
    if let Some(version) = members.take(&["version"])?
        && version.whole_number()? == 0
    {
        return Err(version.invalid(InvalidEvent::Number {
            field: "version",
            value: "0".into(),
            min: 1,
            max: i64::MAX as u64,
        }));
    }
    if let Some(recorded_at) = members.take(&["recordedAt"])? {
        recorded_at.time()?;
    }
    Ok(())
}

/// Takes a text that stands there either as a value or as a string.
fn take_text<'a>(
    members: &mut Members<'a>,
    [embedded, raw]: [&'static str; 2],
) -> Result<Option<Member<'a>>, Refusal> {
    match (members.take(&[embedded])?, members.take(&[raw])?) {
        (Some(_), Some(raw)) => Err(Refusal::Form {
            member: raw.name.into(),
            reason: format!("stands beside {embedded}; give one or the other"),
        }),
        (embedded, raw) => Ok(embedded.or(raw)),
    }
}
