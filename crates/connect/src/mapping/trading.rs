use annals_event::{InvalidEvent, StreamName};

use super::mapped_event::MappedEvent;
use super::members::{Member, Members};
use crate::refusal::Refusal;

/// An event type of the trading application.
struct Kind {
    /// As its code spells it.
    pascal: &'static str,
    /// As it is stored and asked for.
    snake: &'static str,
    aggregate: &'static Aggregate,
}

/// What an aggregate's ids look like.
struct Aggregate {
    aggregate_type: &'static str,
    /// What its ids start with.
    prefix: &'static str,
    /// The members of an event that identify it; none when there is only one aggregate, called like the prefix.
    ids: &'static [&'static str],
}

const ORDER: Aggregate = Aggregate { aggregate_type: "Order", prefix: "order_", ids: &["order_id"] };
const POSITION: Aggregate =
    Aggregate { aggregate_type: "Position", prefix: "position_", ids: &["position_id"] };
const WALLET: Aggregate =
    Aggregate { aggregate_type: "Wallet", prefix: "wallet_", ids: &["wallet_address", "wallet"] };
const TRADE: Aggregate = Aggregate { aggregate_type: "Trade", prefix: "trade_", ids: &["trade_id"] };
const SETTINGS: Aggregate = Aggregate { aggregate_type: "Settings", prefix: "settings", ids: &[] };

const AGGREGATES: [&Aggregate; 5] = [&ORDER, &POSITION, &WALLET, &TRADE, &SETTINGS];

static KINDS: [Kind; 10] = [
    Kind { pascal: "OrderPlaced", snake: "order_placed", aggregate: &ORDER },
    Kind { pascal: "OrderFilled", snake: "order_filled", aggregate: &ORDER },
    Kind { pascal: "OrderCancelled", snake: "order_cancelled", aggregate: &ORDER },
    Kind { pascal: "PositionOpened", snake: "position_opened", aggregate: &POSITION },
    Kind { pascal: "PositionClosed", snake: "position_closed", aggregate: &POSITION },
    Kind { pascal: "BalanceChanged", snake: "balance_changed", aggregate: &WALLET },
    Kind { pascal: "SettingChanged", snake: "setting_changed", aggregate: &SETTINGS },
    Kind { pascal: "WalletConnected", snake: "wallet_connected", aggregate: &WALLET },
    Kind { pascal: "WalletDisconnected", snake: "wallet_disconnected", aggregate: &WALLET },
    Kind { pascal: "TradeExecuted", snake: "trade_executed", aggregate: &TRADE },
];

/// The form of a trading desktop application, in three shapes: an envelope around the event's data, whose further
/// members become the metadata; the event's members beside `event_type`; or `{"OrderPlaced": {…}}`. In the last
/// two the record's own bytes, or the inner object's, are the payload.
pub(super) fn map(json: &str, mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    if let Some((name, inner)) = members.only()
        && let Some(kind) = kind_of(name)
    {
        let inner = Member { name: kind.pascal, json: inner };
        return flat(inner, kind, None, Members::of(inner.json)?);
    }
    let event_type =
        members.need(&["event_type", "eventType", "type"], "a string, as in \"order_placed\"")?;
    let text = event_type.text()?;
    let kind = kind_of(&text).ok_or_else(|| Refusal::Form {
        member: event_type.name.into(),
        reason: format!(
            "{text:?} is none of {}; map other types with a jq program",
            KINDS.iter().map(|kind| kind.snake).collect::<Vec<_>>().join(", ")
        ),
    })?;
    let aggregate_id = members.take(&["aggregate_id", "aggregateId"])?;
    let Some(data) = members.take(&["payload", "data", "event_data", "eventData"])? else {
        return flat(Member { name: event_type.name, json }, kind, aggregate_id, members);
    };
    let mut event = event_of(data, kind, aggregate_id)?;
    take_envelope(&mut event, &mut members)?;
    event.metadata = members.into_object()?;
    Ok(event)
}

fn kind_of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.pascal == name || kind.snake == name)
}

/// An event whose members stand beside each other in `whole`, of which `members` are not yet taken.
fn flat(
    whole: Member<'_>,
    kind: &Kind,
    aggregate_id: Option<Member<'_>>,
    mut members: Members<'_>,
) -> Result<MappedEvent, Refusal> {
    let mut event = event_of(whole, kind, aggregate_id)?;
    take_envelope(&mut event, &mut members)?;
    Ok(event)
}

fn event_of(data: Member<'_>, kind: &Kind, aggregate_id: Option<Member<'_>>) -> Result<MappedEvent, Refusal> {
    let payload = data.object()?;
    let stream = match aggregate_id {
        Some(aggregate_id) => {
            let id = aggregate_id.id()?;
            let aggregate = AGGREGATES.into_iter().find(|aggregate| id.starts_with(aggregate.prefix));
            let aggregate_type = aggregate.unwrap_or(kind.aggregate).aggregate_type;
            StreamName::new(aggregate_type, &id).map_err(|error| aggregate_id.invalid(error))?
        }
        None => stream_of(&mut Members::of(payload.as_str())?, kind.aggregate)?,
    };
    let event_type = kind.snake.parse().map_err(|error: InvalidEvent| data.invalid(error))?;
    Ok(MappedEvent::new(stream, event_type, payload))
}

/// The stream that the event's own members tell.
fn stream_of(members: &mut Members<'_>, aggregate: &Aggregate) -> Result<StreamName, Refusal> {
    let stream = |id: &str| {
        StreamName::new(aggregate.aggregate_type, id)
            .map_err(|source| Refusal::InvalidMember { member: "aggregate_id".into(), source })
    };
    if aggregate.ids.is_empty() {
        return stream(aggregate.prefix);
    }
    let id = members.need(aggregate.ids, "a string or a number, or give aggregate_id")?.id()?;
    if id.starts_with(aggregate.prefix) { stream(&id) } else { stream(&format!("{}{id}", aggregate.prefix)) }
}

fn take_envelope(event: &mut MappedEvent, members: &mut Members<'_>) -> Result<(), Refusal> {
    event.event_id = members.take(&["event_id", "eventId"])?.map(|id| id.event_id()).transpose()?;
    let timestamp = match members.take(&["timestamp"])? {
        Some(timestamp) => Some(timestamp),
        None => Members::of(event.payload.as_str())?.take(&["timestamp"])?,
    };
    event.timestamp = timestamp.map(|timestamp| timestamp.time()).transpose()?;
    if let Some(actor) = members.take(&["actor_id", "actorId", "user_id", "userId"])? {
        event.actor_id = actor.actor()?;
    }
    Ok(())
}
