use std::collections::VecDeque;

use annals_event::write_json_string;
use annals_jq::{Batch, RecordResult, Worker, WorkerError};

use super::batch::{Chunk, Mapped};
use super::mapper::Door;
use crate::mapping::{JqMapping, events_of_outputs};
use crate::record::{Decoded, Record};
use crate::refusal::Refusal;

/// Maps chunks in a worker process, which maps one while the next is read.
pub(super) struct JqMapper {
    door: Door,
    /// The source's name as JSON.
    source: String,
    worker: Worker,
    /// Chunks whose results have not been received.
    submitted: VecDeque<Chunk>,
}

impl JqMapper {
    /// Starts the worker process.
    pub(super) fn start(mapping: JqMapping, door: Door) -> Result<Self, WorkerError> {
        let mut source = String::new();
        write_json_string(&mut source, door.source.as_str());
        let JqMapping { program, worker, limits } = mapping;
        let worker = Worker::start(worker, program, limits)?;
        Ok(Self { door, source, worker, submitted: VecDeque::new() })
    }

    pub(super) fn in_flight(&self) -> usize {
        self.submitted.len()
    }

    /// Hands a chunk to the worker and returns at once.
    pub(super) fn submit(&mut self, chunk: Chunk) -> Result<(), WorkerError> {
        let mut batch = Batch::new(self.worker.program());
        for decoded in &chunk.records {
            if let Decoded::Record(record) = decoded {
                batch.push(record.as_json(), &[&self.source, &record.line.to_string()])?;
            }
        }
        self.worker.submit(batch);
        self.submitted.push_back(chunk);
        Ok(())
    }

    /// Waits for the events of the chunk that was submitted first.
    pub(super) fn receive(&mut self) -> Result<Vec<Mapped>, WorkerError> {
        let mut results = self.worker.receive()?.into_iter();
        let records = self.submitted.pop_front().unwrap_or_default().records;
        records.into_iter().map(|decoded| self.map_one(decoded, &mut results)).collect()
    }

    fn map_one(
        &self,
        decoded: Decoded,
        results: &mut impl Iterator<Item = RecordResult>,
    ) -> Result<Mapped, WorkerError> {
        match decoded {
            Decoded::Refused { line, bytes, refusal } => Ok(Mapped::Refused { line, bytes, refusal }),
            Decoded::Record(record) => {
                let missing = || WorkerError::Protocol { what: "it gave too few results".into() };
                let result = results.next().ok_or_else(missing)?;
                Ok(self.admit(record, result))
            }
        }
    }

    fn admit(&self, record: Record, result: RecordResult) -> Mapped {
        let events = match result {
            Ok(outputs) => events_of_outputs(&record, &outputs),
            Err(error) => Err(Refusal::Program(error)),
        };
        self.door.admit(record, events)
    }
}
