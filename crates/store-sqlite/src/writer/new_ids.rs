use std::hash::BuildHasher;

use annals_event::EventId;
use foldhash::fast::RandomState;
use rusqlite::Connection;

use crate::errors::{Result, sqlite};
use crate::sql;
use crate::tail::TailView;

/// The ids of a longer log are not read: the writer would stand still meanwhile.
const READ_MAX: u64 = 1 << 18;

/// Ids are read once as many look-ups were needed as this part of the log's events.
const LOOKUPS_PER_READ: u64 = 16;

/// With more ids the filter is given up: it has grown to about 25 MiB by then.
const IDS_MAX: u64 = 1 << 24;

/// The first layer has room for so many ids, each further one for twice as many.
const FIRST_LAYER_IDS: u64 = 1 << 15;

/// So many ids in 512 bits let one in a hundred new ids look as if it were known.
const IDS_PER_BLOCK: u64 = 40;

/// How many of a block's bits stand for an id.
const BITS_PER_ID: u32 = 6;

/// Which event ids are new for certain, so that the index need not be asked for them.
///
/// Ids that grow with time are compared with the greatest one. Others, such as those that follow from a source,
/// may lie anywhere: for them there is a Bloom filter over all ids of the log, made when it is first worth it.
/// It may know too many ids, as after a transaction that was rolled back, and never too few.
#[derive(Default)]
pub(super) struct NewIds {
    lookups: u64,
    filter: Option<Filter>,
    /// The filter became too large.
    is_given_up: bool,
}

#[derive(Default)]
struct Filter {
    layers: Vec<Layer>,
    ids: u64,
    hasher: RandomState,
}

/// A blocked Bloom filter: all bits of an id lie in one line of the processor's cache.
struct Layer {
    blocks: Box<[[u64; 8]]>,
    room: u64,
}

impl NewIds {
    /// Whether no recorded event has this id, for certain.
    pub(super) fn are_without(&self, id: EventId) -> bool {
        self.filter.as_ref().is_some_and(|filter| !filter.may_have(id))
    }

    /// An id is recorded, or about to be.
    pub(super) fn note(&mut self, id: EventId) {
        let Some(filter) = &mut self.filter else { return };
        filter.add(id);
        if filter.ids > IDS_MAX {
            self.filter = None;
            self.is_given_up = true;
        }
    }

    /// Look-ups are needed in a log of so many events: reads its ids if that is worth it by now.
    pub(super) fn prepare(
        &mut self,
        lookups: usize,
        size: u64,
        (index, tail): (&Connection, &TailView<'_>),
    ) -> Result<()> {
        self.lookups += lookups as u64;
        let is_due = self.lookups >= size / LOOKUPS_PER_READ && size <= READ_MAX;
        if self.filter.is_some() || self.is_given_up || !is_due {
            return Ok(());
        }
        let mut filter = Filter::default();
        let mut statement = index.prepare_cached(sql::INDEX_ALL_EVENT_IDS).map_err(sqlite)?;
        let mut rows = statement.query([]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            filter.add(EventId::from_bytes(row.get(0).map_err(sqlite)?));
        }
        let in_tail = tail.segments.iter().flat_map(|segment| segment.entries());
        in_tail.for_each(|(_, entry)| filter.add(entry.event_id));
        self.filter = Some(filter);
        Ok(())
    }
}

impl Filter {
    fn add(&mut self, id: EventId) {
        let hash = self.hasher.hash_one(id);
        if self.layers.last().is_none_or(|layer| layer.room == 0) {
            self.layers.push(Layer::of(FIRST_LAYER_IDS << self.layers.len()));
        }
        if let Some(layer) = self.layers.last_mut() {
            layer.add(hash);
            self.ids += 1;
        }
    }

    fn may_have(&self, id: EventId) -> bool {
        let hash = self.hasher.hash_one(id);
        self.layers.iter().any(|layer| layer.may_have(hash))
    }
}

impl Layer {
    fn of(room: u64) -> Self {
        let blocks = vec![[0; 8]; (room / IDS_PER_BLOCK) as usize + 1].into_boxed_slice();
        Self { blocks, room }
    }

    /// The block that holds a hash's bits.
    fn place(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.blocks.len() as u128) >> 64) as usize
    }

    fn add(&mut self, hash: u64) {
        let place = self.place(hash);
        if let Some(block) = self.blocks.get_mut(place) {
            block.iter_mut().zip(bits(hash)).for_each(|(word, bits)| *word |= bits);
        }
        self.room -= 1;
    }

    fn may_have(&self, hash: u64) -> bool {
        let Some(block) = self.blocks.get(self.place(hash)) else { return true };
        block.iter().zip(bits(hash)).all(|(word, bits)| word & bits == bits)
    }
}

/// The bits of a block that stand for a hash.
fn bits(hash: u64) -> [u64; 8] {
    // The greatest digits choose the block: the others are spread over all of them (2^64 divided by the golden ratio).
    let mut digits = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bits = [0; 8];
    for _ in 0..BITS_PER_ID {
        if let Some(word) = bits.get_mut((digits & 7) as usize) {
            *word |= 1_u64 << ((digits >> 3) & 63);
        }
        digits >>= 9;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::index_in_memory;

    fn id(number: u64) -> EventId {
        EventId::from_bytes(((u128::from(number) << 64) | 0x8000_0000_0000_0000).to_be_bytes())
    }

    fn of_an_empty_log() -> NewIds {
        let mut ids = NewIds::default();
        let tail = TailView { segments: Vec::new(), first: 0, greatest_indexed_id: None };
        ids.prepare(1, 0, (&index_in_memory(), &tail)).unwrap();
        ids
    }

    #[test]
    fn no_id_that_was_noted_is_called_new_and_few_others_are_not() {
        let mut ids = of_an_empty_log();
        let noted = 5 * FIRST_LAYER_IDS;
        (0..noted).for_each(|number| ids.note(id(number)));
        assert!((0..noted).all(|number| !ids.are_without(id(number))));
        let mistaken = (noted..2 * noted).filter(|number| !ids.are_without(id(*number))).count() as u64;
        assert!(mistaken < noted / 20, "{mistaken} of {noted} new ids look as if they were known");
    }

    #[test]
    fn ids_of_index_and_tail_are_known() {
        let index = index_in_memory();
        let of_index = id(7);
        index.execute(sql::INDEX_INSERT_EVENT_ID, (of_index.as_bytes(), 0)).unwrap();
        let tail = TailView { segments: Vec::new(), first: 1, greatest_indexed_id: Some(of_index) };
        let mut ids = NewIds::default();
        ids.prepare(1, 1, (&index, &tail)).unwrap();
        assert!(!ids.are_without(of_index) && ids.are_without(id(8)));
    }

    #[test]
    fn nothing_is_new_for_certain_in_a_long_log_whose_ids_were_not_read() {
        let mut ids = NewIds::default();
        let tail = TailView { segments: Vec::new(), first: 0, greatest_indexed_id: None };
        ids.prepare(READ_MAX as usize, READ_MAX + 1, (&index_in_memory(), &tail)).unwrap();
        assert!(!ids.are_without(id(1)));
    }
}
