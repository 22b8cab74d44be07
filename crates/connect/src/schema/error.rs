use annals_event::{EventType, InvalidJson, SchemaVersion};

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The text is not a JSON object.
    #[error("{file}: {source}; a schema is a JSON object")]
    Json {
        /// The schema's file.
        file: String,
        /// What is wrong, and where.
        #[source]
        source: InvalidJson,
    },
    /// The JSON is no JSON Schema.
    #[error("{file}#{place}: {reason}")]
    Invalid {
        /// The schema's file.
        file: String,
        /// JSON pointer (RFC 6901) to the place in it; empty for the whole.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// The schema refers to something that is not in its document.
    #[error("{file}#{place}: {target} is not in this file, and nothing else is read; put it under $defs")]
    Elsewhere {
        /// The schema's file.
        file: String,
        /// JSON pointer to the reference; empty when it was not found again.
        place: String,
        /// What it refers to.
        target: String,
    },
    /// The schema holds so many references that following them could exhaust the stack.
    #[error("{file} holds {count} references, at most {count_max} are followed; write some of them out")]
    TooManyReferences {
        /// The schema's file.
        file: String,
        /// How many there are.
        count: usize,
        /// The limit.
        count_max: usize,
    },
    /// Two schemas are for the same events.
    #[error("{file} is a second schema for {event_type}{}; configure one", of_version(.schema_version))]
    Twice {
        /// The event type.
        event_type: EventType,
        /// The schema version, if it is for one only.
        schema_version: Option<SchemaVersion>,
        /// The second schema's file.
        file: String,
    },
}

fn of_version(version: &Option<SchemaVersion>) -> String {
    version.map_or_else(String::new, |version| format!(" version {version}"))
}
