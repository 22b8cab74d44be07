use annals::{EventReader, EventStore, EventType, Position, Query, ReadOptions, StoreError, Timestamp};

use super::TrailSort;
use crate::parameters::Order;

/// The positions of the events that match, sorted. The log is in the order of recording, a trail in that of what happened;
/// so the times of all of them are looked at, and only their places are held.
pub(super) async fn sorted_positions(
    events: &dyn EventStore,
    query: Query,
    sort: TrailSort,
    order: Order,
) -> Result<Vec<Position>, StoreError> {
    let mut types: Vec<EventType> = Vec::new();
    let mut keys: Vec<(usize, Timestamp, Position)> = Vec::new();
    let mut reader = EventReader::new(events, query, ReadOptions::default());
    while let Some(page) = reader.next_page().await? {
        for event in page {
            let kind = match sort {
                TrailSort::Timestamp => 0,
                TrailSort::EventType => index_of(&mut types, event.event_type),
            };
            keys.push((kind, event.timestamp, event.position));
        }
    }
    let ranks = ranks(&types);
    let rank = |kind: usize| ranks.get(kind).copied().unwrap_or_default();
    keys.sort_unstable_by_key(|(kind, time, position)| (rank(*kind), *time, *position));
    if order == Order::Desc {
        keys.reverse();
    }
    Ok(keys.into_iter().map(|(_, _, position)| position).collect())
}

/// The place of a type among those that were met.
fn index_of(types: &mut Vec<EventType>, event_type: EventType) -> usize {
    types.iter().position(|known| *known == event_type).unwrap_or_else(|| {
        types.push(event_type);
        types.len() - 1
    })
}

/// The place of each type in the order of their names.
fn ranks(types: &[EventType]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..types.len()).collect();
    order.sort_by_key(|index| types.get(*index));
    let mut ranks = vec![0; types.len()];
    for (rank, index) in order.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(index) {
            *place = rank;
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_ranked_by_their_names_however_they_were_met() {
        let types = ["updated", "created", "deleted"].map(|name| EventType::new(name).unwrap());
        assert_eq!(ranks(&types), [2, 0, 1]);
    }
}
