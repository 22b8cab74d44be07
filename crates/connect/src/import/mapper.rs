use std::sync::Arc;

use annals_event::NewEvent;

use super::batch::{Chunk, Mapped};
use crate::mapping::{MappedEvent, Mapping, Place, Preset};
use crate::record::{Decoded, Record};
use crate::refusal::Refusal;
use crate::source_name::SourceName;
use crate::validate::Validate;

/// Turns chunks of records into events, in the order in which they are handed over.
pub(super) struct Mapper {
    door: Door,
    preset: Preset,
}

/// What every mapped event passes, whatever mapped it.
pub(super) struct Door {
    pub(super) source: SourceName,
    pub(super) checks: Vec<Arc<dyn Validate>>,
}

impl Mapper {
    pub(super) fn new(mapping: Mapping, door: Door) -> Self {
        let Mapping::Preset(preset) = mapping;
        Self { door, preset }
    }

    pub(super) fn map(&mut self, chunk: Chunk) -> Vec<Mapped> {
        chunk.records.into_iter().map(|decoded| self.map_one(decoded)).collect()
    }

    fn map_one(&self, decoded: Decoded) -> Mapped {
        match decoded {
            Decoded::Refused { line, bytes, refusal } => Mapped::Refused { line, bytes, refusal },
            Decoded::Record(record) => {
                let events = self.preset.map(&record).map(|event| vec![event]);
                self.door.admit(record, events)
            }
        }
    }
}

impl Door {
    /// A record with its events, if all of them may be appended.
    pub(super) fn admit(&self, record: Record, events: Result<Vec<MappedEvent>, Refusal>) -> Mapped {
        match events.and_then(|events| self.finish(&record, events)) {
            Ok(events) => Mapped::Events { record, events },
            Err(refusal) => Mapped::Refused { line: record.line, bytes: record.text.into_bytes(), refusal },
        }
    }

    fn finish(&self, record: &Record, events: Vec<MappedEvent>) -> Result<Vec<NewEvent>, Refusal> {
        let finish_one = |(ordinal, event): (usize, MappedEvent)| {
            let place = Place { source: &self.source, line: record.line, record: &record.text, ordinal };
            let event = event.into_new_event(place)?;
            self.checks.iter().try_for_each(|check| check.check(&event))?;
            Ok(event)
        };
        events.into_iter().enumerate().map(finish_one).collect()
    }
}
