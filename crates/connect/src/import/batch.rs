use annals_event::NewEvent;

use crate::record::{Decoded, Record};
use crate::refusal::Refusal;

/// A batch is handed on when it holds so many records …
const RECORDS_MAX: usize = 1_024;

/// … or so many bytes of them.
const BYTES_MAX: usize = 512 << 10;

/// Records in the order of their source, before they are mapped.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) records: Vec<Decoded>,
    bytes: usize,
}

impl Chunk {
    pub(super) fn push(&mut self, decoded: Decoded) {
        self.bytes += match &decoded {
            Decoded::Record(record) => record.text.len() + record.as_json().len(),
            Decoded::Refused { bytes, .. } => bytes.len(),
        };
        self.records.push(decoded);
    }

    pub(super) fn is_full(&self) -> bool {
        self.records.len() >= RECORDS_MAX || self.bytes >= BYTES_MAX
    }
}

/// A record after mapping.
#[derive(Debug)]
pub(super) enum Mapped {
    /// Its events, one append; none when the mapping skips it.
    Events {
        /// The record.
        record: Record,
        /// Its events in order.
        events: Vec<NewEvent>,
    },
    /// It cannot be stored.
    Refused {
        /// Its first line.
        line: u64,
        /// Its bytes.
        bytes: Vec<u8>,
        /// Why not.
        refusal: Refusal,
    },
}

/// Mapped records in the order of their source.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) records: Vec<Mapped>,
    /// Bytes taken from the source when the batch was complete.
    pub(super) bytes_read: u64,
}
