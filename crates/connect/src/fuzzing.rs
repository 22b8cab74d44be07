//! What reads foreign text in this crate and stands behind a process, for the fuzz targets; it is no interface.

use crate::mapping::{self, MappedEvent};
use crate::record::Record;
use crate::refusal::Refusal;

/// The events that a jq program's outputs for a record are.
///
/// # Errors
/// [`Refusal`] as an import would note it.
pub fn events_of_outputs(record: &Record, outputs: &[String]) -> Result<Vec<MappedEvent>, Refusal> {
    mapping::events_of_outputs(record, outputs)
}
