use std::path::Path;
use std::time::Duration;

use annals_connect::{JqMapping, Mapping, Preset};
use annals_jq::{Limits, WorkerCommand};

use crate::config::{ImportConfig, PATIENCE_MAX};
use crate::failure::Failure;

/// The mapping that `--map` names: a preset, or else a file with a jq program.
///
/// # Errors
/// [`Failure::Usage`] when it is neither, and [`Failure::Program`] when the program cannot be compiled.
pub(super) fn of(name: &str, config: &ImportConfig) -> Result<Mapping, Failure> {
    let unknown = match name.parse::<Preset>() {
        Ok(preset) => return Ok(Mapping::Preset(preset)),
        Err(unknown) => unknown,
    };
    let path = Path::new(name);
    if !path.exists() && path.extension().is_none() {
        return Err(unknown.into());
    }
    let unusable = |source| Failure::File { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(unusable)?;
    let annals = std::env::current_exe().map_err(unusable)?;
    let mapping = JqMapping::compile(name, &text, WorkerCommand::new(annals, ["jq-worker"]))?;
    Ok(Mapping::Jq(mapping.with_limits(limits(config))))
}

fn limits(config: &ImportConfig) -> Limits {
    Limits {
        record_deadline: Duration::from_millis(config.jq_record_milliseconds).min(PATIENCE_MAX),
        address_space_bytes: config.jq_memory_mib.saturating_mul(1 << 20),
        ..Limits::default()
    }
}
