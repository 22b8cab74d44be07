//! From a record to the events that it tells of.

mod aggregate;
mod annals;
mod audit_log;
mod cloudevents;
mod event_form;
mod jq_mapping;
mod mapped_event;
mod members;
mod microservice;
mod preset;
mod task;
mod trading;

pub use jq_mapping::JqMapping;
pub(crate) use jq_mapping::events_of_outputs;
pub(crate) use mapped_event::Place;
pub use mapped_event::{MappedEvent, Provenance, SourceEventId};
pub use preset::Preset;

/// How records become events.
#[derive(Debug, Clone)]
pub enum Mapping {
    /// A form that many producers write.
    Preset(Preset),
    /// A jq program.
    Jq(JqMapping),
}
