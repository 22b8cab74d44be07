use std::fmt;
use std::str::FromStr;

use super::mapped_event::MappedEvent;
use super::members::Members;
use super::{aggregate, annals, audit_log, cloudevents, microservice, task, trading};
use crate::error::ImportError;
use crate::record::Record;
use crate::refusal::Refusal;

/// A mapping for a form that many producers write; one record is one event.
///
/// Payload and metadata are kept byte for byte as they stand in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Annals's own form: an export is imported to the same records but for position and time of recording.
    Annals,
    /// `eventId, eventType, aggregateId, aggregateType, timestamp, version, payload, metadata`.
    Microservice,
    /// `eventId, eventType, aggregateId, aggregateType, timestamp, userId, data, version`.
    Aggregate,
    /// `event_id, event_type, timestamp, user_id, task_id, task_data`.
    Task,
    /// Event type, event id, occurred at, actor id, aggregate type, aggregate id, full event data.
    AuditLog,
    /// The ten event types of a trading application.
    Trading,
    /// CloudEvents 1.0 in JSON.
    CloudEvents,
}

impl Preset {
    /// All presets, in the order in which they are listed for people.
    pub const ALL: [Self; 7] = [
        Self::Annals,
        Self::Microservice,
        Self::Aggregate,
        Self::Task,
        Self::AuditLog,
        Self::Trading,
        Self::CloudEvents,
    ];

    /// The preset's name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Annals => "annals",
            Self::Microservice => "microservice",
            Self::Aggregate => "aggregate",
            Self::Task => "task",
            Self::AuditLog => "audit-log",
            Self::Trading => "trading",
            Self::CloudEvents => "cloudevents",
        }
    }

    /// The event that a record becomes.
    ///
    /// # Errors
    /// [`Refusal`] that names the member and the remedy.
    pub fn map(self, record: &Record) -> Result<MappedEvent, Refusal> {
        let json = record.as_json();
        let members = Members::of(json)?;
        self.map_members(json, if record.is_row() { members.without_empty() } else { members })
    }

    /// The event that a record becomes whose own text is `json`.
    ///
    /// # Errors
    /// The same.
    pub fn map_json(self, json: &str) -> Result<MappedEvent, Refusal> {
        self.map_members(json, Members::of(json)?)
    }

    fn map_members(self, json: &str, members: Members<'_>) -> Result<MappedEvent, Refusal> {
        match self {
            Self::Annals => annals::map(members),
            Self::Microservice => microservice::map(members),
            Self::Aggregate => aggregate::map(members),
            Self::Task => task::map(members),
            Self::AuditLog => audit_log::map(members),
            Self::Trading => trading::map(json, members),
            Self::CloudEvents => cloudevents::map(members),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Preset {
    type Err = ImportError;

    fn from_str(name: &str) -> Result<Self, ImportError> {
        Self::ALL.into_iter().find(|preset| preset.name() == name).ok_or_else(|| ImportError::UnknownPreset {
            name: name.to_owned(),
            allowed: Self::ALL.map(Self::name).join(", "),
        })
    }
}
