use std::path::PathBuf;

use annals::EventType;
use annals_connect::{Schema, SchemaCheck, WithoutSchema};
use serde::{Deserialize, Serialize};

use super::concern::concern;
use super::text::Version;
use crate::failure::Failure;

concern! {
    /// What is checked before an event is stored.
    ValidationConfig is "validation" {
        /// The JSON Schemas of payloads, by event type and, if wanted, schema_version. In a file, each may be a
        /// [[validation.schemas]] of its own, and a relative path starts at that file's folder.
        schemas: Vec<SchemaFile> = Vec::new(), such as r#"[{ event_type = "OrderPlaced", schema_version = 1, file = "schemas/order-placed.json" }]"#;
        /// Whether events are refused that no schema is for.
        require_schema: bool = false;
    }
}

/// A schema and the events that it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemaFile {
    /// The event type.
    #[serde(with = "super::text")]
    event_type: EventType,
    /// The schema version; every version that has no schema of its own when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema_version: Option<Version>,
    /// Where the schema lies.
    pub(super) file: PathBuf,
}

impl ValidationConfig {
    /// The check that is configured.
    ///
    /// # Errors
    /// [`Failure::File`] when a schema cannot be read, and [`Failure::Schema`] when it is none.
    pub(crate) fn check(&self) -> Result<SchemaCheck, Failure> {
        let schemas: Vec<Schema> = self.schemas.iter().map(SchemaFile::read).collect::<Result<_, _>>()?;
        let without_schema =
            if self.require_schema { WithoutSchema::Refused } else { WithoutSchema::Accepted };
        Ok(SchemaCheck::compile(schemas, without_schema)?)
    }
}

impl SchemaFile {
    fn read(&self) -> Result<Schema, Failure> {
        let text = std::fs::read_to_string(&self.file)
            .map_err(|source| Failure::File { path: self.file.clone(), source })?;
        Ok(Schema {
            event_type: self.event_type.clone(),
            schema_version: self.schema_version.map(Version::get),
            file: self.file.display().to_string(),
            text,
        })
    }
}
