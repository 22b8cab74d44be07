use annals_event::JsonObject;
use annals_jq::{CompileError, Limits, Program, ProgramText, WorkerCommand};
use serde_json::value::RawValue;

use super::event_form::{self, Texts};
use super::mapped_event::MappedEvent;
use super::members::{Members, json_object};
use crate::record::Record;
use crate::refusal::Refusal;

/// The variables that a mapping sees besides the record itself: the source's name and the record's line.
const VARIABLES: [&str; 2] = ["source", "line"];

/// A jq program as a mapping, and how to run it.
///
/// The program gets a record as `.`, a row of CSV as an object by the names of its header, and `$source` and `$line`.
/// It returns no, one or several events, each an object of `eventType`, `aggregateType` and `aggregateId` (or
/// `aggregate` as `"TYPE/ID"`), and where known `eventId`, `timestamp`, `actorId`, `tags`, `schemaVersion`,
/// `metadata` (or `correlationId` and `causationId`) and `payload`; a member that is null is not known. Without
/// `payload` the record's own bytes are the payload. `error("…")` makes the record a dead letter.
#[derive(Debug, Clone)]
pub struct JqMapping {
    /// The program.
    pub(crate) program: Program,
    /// How the process that runs it is started.
    pub(crate) worker: WorkerCommand,
    /// What that process may use.
    pub(crate) limits: Limits,
}

impl JqMapping {
    /// Compiles a mapping; messages call it `name`, such as the name of its file.
    ///
    /// # Errors
    /// [`CompileError`] with places and reasons.
    pub fn compile(name: &str, text: &str, worker: WorkerCommand) -> Result<Self, CompileError> {
        let program = Program::compile(ProgramText { name, text, variables: &VARIABLES })?;
        Ok(Self { program, worker, limits: Limits::default() })
    }

    /// The same mapping with other limits for the process that runs it.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

/// The events that a program's outputs for a record are. An array counts as its elements.
pub(crate) fn events_of_outputs(record: &Record, outputs: &[String]) -> Result<Vec<MappedEvent>, Refusal> {
    let mut events = Vec::with_capacity(outputs.len());
    for output in outputs {
        if output.starts_with('[') {
            let elements: Vec<&RawValue> = serde_json::from_str(output)
                .map_err(|error| Refusal::NotAnObject { reason: error.to_string() })?;
            for element in elements {
                events.push(event_of(record, element.get(), events.len())?);
            }
        } else {
            events.push(event_of(record, output, events.len())?);
        }
    }
    Ok(events)
}

fn event_of(record: &Record, output: &str, index: usize) -> Result<MappedEvent, Refusal> {
    read_event(record, output)
        .map_err(|refusal| Refusal::Output { number: index + 1, refusal: Box::new(refusal) })
}

fn read_event(record: &Record, output: &str) -> Result<MappedEvent, Refusal> {
    if !output.starts_with('{') {
        return Err(Refusal::Form {
            member: "the event".into(),
            reason: "is not an object; return objects, or `empty` where a record is no event".into(),
        });
    }
    let mut members = Members::of(output)?;
    let payload = match members.take(&["payload"])? {
        Some(payload) => payload.object()?,
        None => own_payload(record)?,
    };
    let metadata = members.take(&["metadata"])?.map(|metadata| metadata.object()).transpose()?;
    let event = event_form::take_event(&mut members, Texts { payload, metadata })?;
    members.finish(&[event_form::MEMBERS])?;
    Ok(event)
}

/// The record's own bytes as the payload.
fn own_payload(record: &Record) -> Result<JsonObject, Refusal> {
    json_object("the record as the payload", record.as_json().into())
}
