use std::borrow::Cow;

use annals_event::{JsonObject, StreamName, write_json_string};

use super::mapped_event::MappedEvent;
use super::members::{Member, Members, json_object, missing};
use crate::refusal::Refusal;

/// What a producer may say about an event in its JSON form.
pub(super) const MEMBERS: &[&str] = &[
    "eventType",
    "aggregate",
    "aggregateType",
    "aggregateId",
    "eventId",
    "timestamp",
    "actorId",
    "tags",
    "schemaVersion",
    "payload",
    "metadata",
    "correlationId",
    "causationId",
];

/// The texts that a producer wrote, and how they are found in the form.
pub(super) struct Texts {
    pub(super) payload: JsonObject,
    /// `None` when the form has none.
    pub(super) metadata: Option<JsonObject>,
}

/// Takes all that a producer says from `members`, besides its texts.
pub(super) fn take_event(members: &mut Members<'_>, texts: Texts) -> Result<MappedEvent, Refusal> {
    let stream = take_stream(members)?;
    let event_type = members.need(&["eventType"], "a string, as in \"OrderPlaced\"")?;
    let mut event = MappedEvent::new(stream, event_type.name()?, texts.payload);
    event.metadata = take_ids(members, texts.metadata)?;
    event.event_id = members.take(&["eventId"])?.map(|id| id.event_id()).transpose()?;
    event.timestamp = members.take(&["timestamp"])?.map(|time| time.time()).transpose()?;
    event.actor_id = members.take(&["actorId"])?.map(|actor| actor.name()).transpose()?;
    event.tags = members.take(&["tags"])?.map(|tags| tags.tags()).transpose()?.unwrap_or_default();
    event.schema_version = members.take(&["schemaVersion"])?.map(|v| v.schema_version()).transpose()?;
    Ok(event)
}

fn take_stream(members: &mut Members<'_>) -> Result<StreamName, Refusal> {
    const EXPECTED: &str =
        "a string, together with aggregateId, or give aggregate as TYPE/ID, as in \"Order/order_456\"";
    let whole = members.take(&["aggregate"])?;
    let aggregate_type = members.take(&["aggregateType"])?;
    let aggregate_id = members.take(&["aggregateId"])?;
    match (whole, aggregate_type, aggregate_id) {
        (Some(whole), None, None) => whole.text()?.parse().map_err(|error| whole.invalid(error)),
        (Some(_), _, _) => Err(Refusal::Form {
            member: "aggregate".into(),
            reason: "stands beside aggregateType or aggregateId; give one or the other".into(),
        }),
        (None, Some(aggregate_type), Some(aggregate_id)) => {
            Ok(StreamName { aggregate_type: aggregate_type.name()?, aggregate_id: aggregate_id.name()? })
        }
        (None, None, _) => Err(missing("aggregateType", EXPECTED)),
        (None, Some(_), None) => Err(missing("aggregateId", "a string, as in \"order_456\"")),
    }
}

/// The metadata, made of `correlationId` and `causationId` where the producer gives only these.
fn take_ids(members: &mut Members<'_>, metadata: Option<JsonObject>) -> Result<JsonObject, Refusal> {
    let ids = [members.take(&["correlationId"])?, members.take(&["causationId"])?];
    let ids: Vec<(&Member<'_>, Cow<'_, str>)> =
        ids.iter().flatten().map(|id| Ok((id, id.id()?))).collect::<Result<_, Refusal>>()?;
    let Some(metadata) = metadata else {
        let mut text = String::from("{");
        for (member, id) in ids {
            text.push_str(if text.len() > 1 { "," } else { "" });
            write_json_string(&mut text, member.name);
            text.push(':');
            write_json_string(&mut text, &id);
        }
        text.push('}');
        return json_object("metadata", text.into());
    };
    match ids.into_iter().find(|(member, id)| metadata.string_member(member.name).as_ref() != Some(id)) {
        None => Ok(metadata),
        Some((member, _)) => Err(Refusal::Form {
            member: member.name.into(),
            reason: "stands beside metadata, which does not hold it; put it into metadata".into(),
        }),
    }
}
