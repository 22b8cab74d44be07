use annals_event::{JsonObject, json_value};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ReferencingError, ValidationError, Validator};
use serde_json::Value;

use super::error::SchemaError;
use super::references::{Reference, references};
use super::violations;

/// A validator descends into one reference after the other; a thread's stack of 2 MiB has room for three times
/// as many.
const REFERENCES_MAX: usize = 1_000;

/// Reporting all violations takes memory for each, so that of a payload that is longer only the first is looked
/// for.
const THOROUGH_BYTES_MAX: usize = 16 << 10;

/// A schema that is ready for use.
#[derive(Debug)]
pub(super) struct CompiledSchema {
    /// Its file.
    pub(super) file: String,
    validator: Validator,
}

impl CompiledSchema {
    pub(super) fn compile(file: String, text: &str) -> Result<Self, SchemaError> {
        let document = match parse(text) {
            Ok(document) => document,
            Err(source) => return Err(SchemaError::Json { file, source }),
        };
        let references = references(&document);
        if references.len() > REFERENCES_MAX {
            let count = references.len();
            return Err(SchemaError::TooManyReferences { file, count, count_max: REFERENCES_MAX });
        }
        let options = jsonschema::options().offline().should_validate_formats(true);
        match options.build(&document) {
            Ok(validator) => Ok(Self { file, validator }),
            Err(error) => Err(why_not(file, &error, &references)),
        }
    }

    /// What is wrong with a payload.
    pub(super) fn violations(&self, payload: &JsonObject) -> Option<String> {
        let Some(value) = json_value(payload.as_str()) else {
            return Some("the payload is no JSON object".into());
        };
        if self.validator.is_valid(&value) {
            return None;
        }
        Some(match payload.as_str().len() > THOROUGH_BYTES_MAX {
            true => violations::text(&self.file, self.validator.validate(&value).err().into_iter()),
            false => violations::text(&self.file, self.validator.iter_errors(&value)),
        })
    }
}

/// A schema is an object, or `true` or `false`, which allow everything or nothing.
fn parse(text: &str) -> Result<Value, annals_event::InvalidJson> {
    match text.trim_ascii() {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        _ => JsonObject::new(text).map(|object| json_value(object.as_str()).unwrap_or_default()),
    }
}

fn why_not(file: String, error: &ValidationError<'_>, references: &[Reference]) -> SchemaError {
    let ValidationErrorKind::Referencing(reference) = error.kind() else {
        let place = error.instance_path().to_string();
        return SchemaError::Invalid { file, place, reason: violations::message(error) };
    };
    let reason = reference.to_string();
    // The error does not say where the reference stands, but quotes it.
    let quoted = |reference: &&Reference| reason.contains(reference.target.trim_start_matches('#'));
    let found = references.iter().filter(|reference| reference.target.len() > 1).find(quoted);
    let place = found.map_or_else(String::new, |reference| reference.place.clone());
    match reference {
        ReferencingError::Unretrievable { uri, .. } => {
            SchemaError::Elsewhere { file, place, target: uri.clone() }
        }
        ReferencingError::UnknownSpecification { specification } => SchemaError::Invalid {
            file,
            place: "/$schema".into(),
            reason: format!(
                "{specification} is no draft of JSON Schema that is known; leave $schema out for 2020-12"
            ),
        },
        _ => SchemaError::Invalid { file, place, reason },
    }
}
