//! What reads foreign text in this crate, for the fuzz targets; it is no interface for programs.

use annals::Timestamp;
use annals_wire::{End, Reference};

use crate::config::{Layers, Zone};

/// Reads a configuration file and writes what it says as another one, with all its keys.
///
/// # Errors
/// What a user would be told.
pub fn configuration(toml: &str) -> Result<String, String> {
    let layers = Layers::of_file_text(toml);
    layers.config().map_err(|failure| failure.to_string())?;
    Ok(layers.file_text())
}

/// The first and the last moment that a text means in a filter, at a fixed time and in the zone `zone`.
///
/// # Errors
/// What a user would be told.
pub fn moments(text: &str, zone: &str) -> Result<[Timestamp; 2], String> {
    let now = Timestamp::from_micros(1_795_257_000_000_000).map_err(|error| error.to_string())?;
    let reference = Reference { now, zone: zone.parse::<Zone>()?.rules().clone() };
    Ok([reference.moment(text, End::First)?, reference.moment(text, End::Last)?])
}

/// An event's description in a table, made of its payload as it may stand in an altered store.
#[must_use]
pub fn description(payload: &str) -> String {
    annals_wire::description("Type", "Order/1", "anonymous", payload)
}
