//! JSON Schemas at the door: what the payload of an event type must look like.

mod compiled;
mod error;
mod references;
mod violations;

use std::collections::{BTreeMap, HashMap};

use annals_event::{EventType, NewEvent, SchemaVersion};

use crate::refusal::Refusal;
use crate::validate::Validate;

pub use error::SchemaError;

use compiled::CompiledSchema;

/// A JSON Schema as its author wrote it, and the events that it is for.
///
/// Drafts 4, 6, 7, 2019-09 and 2020-12 are understood; `$schema` says which, and 2020-12 is meant without it.
/// Numbers are compared digit by digit. `format` is checked in every draft, but for the formats of
/// internationalised names (`idn-email`, `idn-hostname`) and those that the draft does not know.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The event type whose payloads it describes.
    pub event_type: EventType,
    /// The schema version that it is for; all that have no schema of their own when there is none.
    pub schema_version: Option<SchemaVersion>,
    /// What the schema is called in messages: the name of its file.
    pub file: String,
    /// Its text: a JSON object, `true` or `false`.
    pub text: String,
}

/// What becomes of an event that no schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutSchema {
    /// It passes.
    Accepted,
    /// It is refused with the code `schema-missing`.
    Refused,
}

/// Checks the payloads of events against JSON Schemas, which are compiled once.
///
/// A schema refers to nothing but its own document: no file is opened for it and no network is used.
#[derive(Debug)]
pub struct SchemaCheck {
    of_types: HashMap<EventType, TypeSchemas>,
    without_schema: WithoutSchema,
}

/// The schemas of one event type.
#[derive(Debug, Default)]
struct TypeSchemas {
    of_versions: BTreeMap<SchemaVersion, CompiledSchema>,
    of_all_others: Option<CompiledSchema>,
}

impl SchemaCheck {
    /// Compiles the schemas.
    ///
    /// # Errors
    /// [`SchemaError`] that names the schema's file and the place in it.
    pub fn compile(
        schemas: impl IntoIterator<Item = Schema>,
        without_schema: WithoutSchema,
    ) -> Result<Self, SchemaError> {
        let mut of_types: HashMap<EventType, TypeSchemas> = HashMap::new();
        for Schema { event_type, schema_version, file, text } in schemas {
            let compiled = CompiledSchema::compile(file, &text)?;
            let of_type = of_types.entry(event_type.clone()).or_default();
            if let Some(second) = of_type.insert(schema_version, compiled) {
                return Err(SchemaError::Twice { event_type, schema_version, file: second.file });
            }
        }
        Ok(Self { of_types, without_schema })
    }
}

impl Validate for SchemaCheck {
    fn check(&self, event: &NewEvent) -> Result<(), Refusal> {
        let version = event.schema_version.unwrap_or(SchemaVersion::FIRST);
        let schema = self.of_types.get(&event.event_type).and_then(|of_type| of_type.of(version));
        match (schema, self.without_schema) {
            (Some(schema), _) => match schema.violations(&event.payload) {
                None => Ok(()),
                Some(reason) => Err(Refusal::Check { code: "schema-violated", reason }),
            },
            (None, WithoutSchema::Accepted) => Ok(()),
            (None, WithoutSchema::Refused) => Err(Refusal::Check {
                code: "schema-missing",
                reason: format!(
                    "{} has no schema for version {version}, and every event must have one; configure it, or mend the event's type or version",
                    event.event_type
                ),
            }),
        }
    }
}

impl TypeSchemas {
    /// Takes a schema in, or gives it back when its place is taken.
    fn insert(&mut self, version: Option<SchemaVersion>, schema: CompiledSchema) -> Option<CompiledSchema> {
        let taken = match version {
            Some(version) => self.of_versions.contains_key(&version),
            None => self.of_all_others.is_some(),
        };
        match version {
            _ if taken => return Some(schema),
            Some(version) => drop(self.of_versions.insert(version, schema)),
            None => self.of_all_others = Some(schema),
        }
        None
    }

    fn of(&self, version: SchemaVersion) -> Option<&CompiledSchema> {
        self.of_versions.get(&version).or(self.of_all_others.as_ref())
    }
}
