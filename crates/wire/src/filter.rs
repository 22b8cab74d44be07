use annals::{Query, QueryItem};

/// The filters of a query in words, one line each; times are those that the filters meant.
#[must_use]
pub fn in_words(query: &Query) -> Vec<String> {
    query.items.iter().flat_map(item_in_words).collect()
}

fn item_in_words(item: &QueryItem) -> Vec<String> {
    let mut words = Vec::new();
    let mut say = |name: &str, value: &dyn std::fmt::Display| words.push(format!("{name} {value}"));
    item.streams.iter().for_each(|stream| say("aggregate", stream));
    item.aggregate_type.iter().for_each(|name| say("aggregate-type", name));
    item.aggregate_id.iter().for_each(|id| say("aggregate-id", id));
    item.event_types.iter().for_each(|name| say("type", name));
    item.actor_id.iter().for_each(|actor| say("actor", actor));
    item.tags.iter().for_each(|tag| say("tag", tag));
    item.correlation_id.iter().for_each(|id| say("correlation", id));
    item.timestamp.from.iter().for_each(|time| say("from", time));
    item.timestamp.to.iter().for_each(|time| say("to", time));
    item.recorded_at.from.iter().for_each(|time| say("recorded-from", time));
    item.recorded_at.to.iter().for_each(|time| say("recorded-to", time));
    item.payload.iter().for_each(|predicate| say("where", predicate));
    words
}
