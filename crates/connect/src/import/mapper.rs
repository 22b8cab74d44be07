use std::sync::Arc;

use annals_event::NewEvent;
use annals_jq::WorkerError;

use super::batch::{Chunk, Mapped};
use super::jq_mapper::JqMapper;
use crate::mapping::{MappedEvent, Mapping, Place, Preset};
use crate::record::{Decoded, Record};
use crate::refusal::Refusal;
use crate::source_name::SourceName;
use crate::validate::Validate;

/// Turns chunks of records into events, in the order in which they are handed over.
pub(super) enum Mapper {
    Preset(PresetMapper),
    Jq(Box<JqMapper>),
}

/// Maps a chunk when it is asked for.
pub(super) struct PresetMapper {
    door: Door,
    preset: Preset,
    submitted: Option<Chunk>,
}

/// What every mapped event passes, whatever mapped it.
pub(super) struct Door {
    pub(super) source: SourceName,
    pub(super) checks: Vec<Arc<dyn Validate>>,
}

impl Mapper {
    pub(super) fn start(mapping: Mapping, door: Door) -> Result<Self, WorkerError> {
        Ok(match mapping {
            Mapping::Preset(preset) => Self::Preset(PresetMapper { door, preset, submitted: None }),
            Mapping::Jq(mapping) => Self::Jq(Box::new(JqMapper::start(mapping, door)?)),
        })
    }

    /// Takes the next chunk. While [`Mapper::is_full`], one must be received before.
    pub(super) fn submit(&mut self, chunk: Chunk) -> Result<(), WorkerError> {
        match self {
            Self::Preset(mapper) => {
                mapper.submitted = Some(chunk);
                Ok(())
            }
            Self::Jq(mapper) => mapper.submit(chunk),
        }
    }

    /// Whether nothing is to be gained by another chunk: one for this thread, one more for another process, so that
    /// it has work while the results of the first are used.
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Preset(mapper) => mapper.submitted.is_some(),
            Self::Jq(mapper) => mapper.in_flight() > 1,
        }
    }

    /// The events of the chunk that was submitted first; `None` when there is none.
    pub(super) fn receive(&mut self) -> Result<Option<Vec<Mapped>>, WorkerError> {
        match self {
            Self::Preset(mapper) => Ok(mapper.receive()),
            Self::Jq(mapper) if mapper.in_flight() == 0 => Ok(None),
            Self::Jq(mapper) => mapper.receive().map(Some),
        }
    }
}

impl PresetMapper {
    fn receive(&mut self) -> Option<Vec<Mapped>> {
        let chunk = self.submitted.take()?;
        Some(chunk.records.into_iter().map(|decoded| self.map_one(decoded)).collect())
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
