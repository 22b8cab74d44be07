//! Queries as the parameters of a request.

use annals_event::Timestamp;
use annals_store::{Direction, PageRequest, QueryItem};
use form_urlencoded::Serializer;

/// The server gives no more events at a time.
const LIMIT_MAX: usize = 1_000;

/// How many events are asked for at a time.
pub(crate) fn limit(request: &PageRequest) -> usize {
    request.events_max.clamp(1, LIMIT_MAX)
}

/// The part of an answer, as parameters. Backwards below a size means behind the position at that size.
pub(crate) fn page_parameters(item: Option<&QueryItem>, request: &PageRequest) -> String {
    let mut pairs = Serializer::new(String::new());
    pairs.append_pair("raw", "true").append_pair("limit", &limit(request).to_string());
    let mut after = request.after.map(|position| position.0);
    if request.direction == Direction::Backwards {
        pairs.append_pair("order", "desc");
        after = after.or(request.size);
    }
    if let Some(after) = after {
        pairs.append_pair("cursor", &after.to_string());
    }
    if let Some(item) = item {
        append_item(&mut pairs, item);
    }
    pairs.finish()
}

fn append_item(pairs: &mut Serializer<'_, String>, item: &QueryItem) {
    let time = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
    let several = item.event_types.iter().map(|one| ("type", one.to_string()));
    let several = several.chain(item.streams.iter().map(|one| ("aggregate", one.to_string())));
    let several = several.chain(item.tags.iter().map(|one| ("tag", one.to_string())));
    let several = several.chain(item.payload.iter().map(|one| ("where", one.to_string())));
    let single = [
        ("aggregateType", item.aggregate_type.as_ref().map(ToString::to_string)),
        ("aggregateId", item.aggregate_id.as_ref().map(ToString::to_string)),
        ("actor", item.actor_id.as_ref().map(ToString::to_string)),
        ("correlation", item.correlation_id.clone()),
        ("from", time(item.timestamp.from)),
        ("to", time(item.timestamp.to)),
        ("recordedFrom", time(item.recorded_at.from)),
        ("recordedTo", time(item.recorded_at.to)),
    ];
    pairs.extend_pairs(several);
    pairs.extend_pairs(single.into_iter().filter_map(|(name, value)| Some((name, value?))));
}

#[cfg(test)]
mod tests {
    use annals_event::{Position, StreamName};

    use super::*;

    #[test]
    fn everything_that_is_asked_stands_in_the_parameters() {
        let item = QueryItem {
            streams: vec![StreamName::new("Order", "a&b").unwrap()],
            tags: vec!["x:1".parse().unwrap(), "y:2".parse().unwrap()],
            payload: vec!["/total > 100".parse().unwrap()],
            ..QueryItem::default()
        };
        let request = PageRequest { after: Some(Position(9)), events_max: 20, ..PageRequest::default() };
        let expected =
            "raw=true&limit=20&cursor=9&aggregate=Order%2Fa%26b&tag=x%3A1&tag=y%3A2&where=%2Ftotal+%3E+100";
        assert_eq!(page_parameters(Some(&item), &request), expected);
    }

    #[test]
    fn backwards_a_size_is_where_to_begin() {
        let request =
            PageRequest { direction: Direction::Backwards, size: Some(5), ..PageRequest::default() };
        assert_eq!(page_parameters(None, &request), "raw=true&limit=1000&order=desc&cursor=5");
    }
}
