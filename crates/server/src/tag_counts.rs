//! How often each tag occurs, which no store keeps.

use std::collections::HashMap;

use annals::{EventReader, EventStore, Position, Query, ReadOptions, StoreError};
use tokio::sync::Mutex;

/// So many different tags are counted; what comes after them is left out.
const TAGS_MAX: usize = 200_000;

/// Counts tags: what was counted once is not read again.
#[derive(Default)]
pub(crate) struct TagCounts {
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    /// The size of the log when it was counted.
    size: u64,
    counts: HashMap<String, u64>,
}

impl TagCounts {
    /// Every tag and how often it occurs in the log as it is now, the most frequent first, of equally frequent ones the
    /// lesser first.
    pub(crate) async fn most_frequent(
        &self,
        events: &dyn EventStore,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let mut counted = self.counted.lock().await;
        counted.catch_up(events).await?;
        let mut counts: Vec<(String, u64)> =
            counted.counts.iter().map(|(tag, count)| (tag.clone(), *count)).collect();
        drop(counted);
        counts.sort_by(|(left, more), (right, less)| less.cmp(more).then_with(|| left.cmp(right)));
        Ok(counts)
    }
}

impl Counted {
    async fn catch_up(&mut self, events: &dyn EventStore) -> Result<(), StoreError> {
        let after = self.size.checked_sub(1).map(Position);
        let mut reader =
            EventReader::new(events, Query::all(), ReadOptions { after, ..ReadOptions::default() });
        while let Some(page) = reader.next_page().await? {
            for event in page {
                for tag in event.tags.value().into_iter().flat_map(|tags| tags.as_slice()) {
                    let is_full = self.counts.len() >= TAGS_MAX;
                    match self.counts.get_mut(tag.as_str()) {
                        Some(count) => *count += 1,
                        None if is_full => {}
                        None => drop(self.counts.insert(tag.to_string(), 1)),
                    }
                }
                // It may be given up between two pages, and goes on from here.
                self.size = event.position.next().0;
            }
        }
        Ok(())
    }
}
