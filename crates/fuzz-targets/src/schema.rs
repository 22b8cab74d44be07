//! JSON Schemas: compiling any text ends, and a payload is allowed or told what is wrong.

use annals_connect::{Refusal, Schema, SchemaCheck, Validate, WithoutSchema};
use annals_event::{EventType, JsonObject, NewEvent, StreamName};

use crate::choices::split_at_byte;

/// A schema, a line feed, and a payload.
pub(crate) fn check(input: &[u8]) {
    let (schema, payload) = split_at_byte(input, b'\n');
    let (Ok(schema), Ok(payload)) = (std::str::from_utf8(schema), std::str::from_utf8(payload)) else {
        return;
    };
    let event_type = EventType::new("T").expect("a name");
    let schema = Schema {
        event_type: event_type.clone(),
        schema_version: None,
        file: "schema.json".to_owned(),
        text: schema.to_owned(),
    };
    let compiled = match SchemaCheck::compile([schema], WithoutSchema::Refused) {
        Ok(compiled) => compiled,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let Ok(payload) = JsonObject::new(payload) else { return };
    let event = NewEvent::new(StreamName::new("A", "1").expect("names"), event_type, payload);
    match compiled.check(&event) {
        Ok(()) => {}
        Err(Refusal::Check { code, reason }) => assert!(code == "schema-violated" && !reason.is_empty()),
        Err(other) => panic!("{other}"),
    }
}
