//! What JSON Schemas let in, what they refuse and how they say so.

use std::sync::Arc;

use annals_connect::{Mapping, Preset, Refusal, Schema, SchemaCheck, SchemaError, Validate, WithoutSchema};
use annals_event::{EventType, JsonObject, NewEvent, SchemaVersion, StreamName};
use annals_store::MemoryStore;
use proptest::prelude::*;

use crate::support::{import_of, run};

const ORDER: &str = r##"{
    "type": "object",
    "required": ["total"],
    "properties": {"total": {"type": "number"}, "items": {"items": {"$ref": "#/$defs/item"}}},
    "$defs": {"item": {"type": "object", "required": ["sku"]}}
}"##;

fn version(number: u32) -> SchemaVersion {
    SchemaVersion::new(number.into()).unwrap()
}

fn schema(event_type: &str, schema_version: Option<u32>, text: &str) -> Schema {
    Schema {
        event_type: EventType::new(event_type).unwrap(),
        schema_version: schema_version.map(version),
        file: "order.json".into(),
        text: text.into(),
    }
}

pub(crate) fn compile(text: &str) -> Result<SchemaCheck, SchemaError> {
    SchemaCheck::compile([schema("OrderPlaced", None, text)], WithoutSchema::Accepted)
}

pub(crate) fn event(event_type: &str, schema_version: Option<u32>, payload: &str) -> NewEvent {
    let event_type = EventType::new(event_type).unwrap();
    let stream = StreamName::new("Order", "1").unwrap();
    let mut event = NewEvent::new(stream, event_type, JsonObject::new(payload).unwrap());
    event.schema_version = schema_version.map(version);
    event
}

/// The refusal's code and reason.
fn refusal(check: &SchemaCheck, event: &NewEvent) -> Option<(&'static str, String)> {
    match check.check(event) {
        Ok(()) => None,
        Err(Refusal::Check { code, reason }) => Some((code, reason)),
        Err(other) => panic!("{other}"),
    }
}

/// What a schema says about a payload.
pub(crate) fn verdict(text: &str, payload: &str) -> Option<String> {
    let check = compile(text).unwrap();
    let (code, reason) = refusal(&check, &event("OrderPlaced", None, payload))?;
    assert_eq!(code, "schema-violated");
    Some(reason)
}

#[test]
fn a_violation_names_its_place_in_the_payload_and_in_the_schema_and_what_was_expected() {
    for (payload, expected) in [
        (r#"{"total":99.99,"items":[{"sku":"x"}]}"#, None),
        (r#"{}"#, Some(r#"payload: "total" is a required property (order.json#/required)"#)),
        (
            r#"{"total":"ten"}"#,
            Some(r#"payload at /total: "ten" is not of type "number" (order.json#/properties/total/type)"#),
        ),
        (
            r#"{"total":1,"items":[{"sku":"x"},{}]}"#,
            Some(r#"payload at /items/1: "sku" is a required property (order.json#/$defs/item/required)"#),
        ),
        (
            r#"{"items":7,"total":{"amount":1}}"#,
            Some(
                r#"payload at /total: the object is not of type "number" (order.json#/properties/total/type)"#,
            ),
        ),
    ] {
        assert_eq!(verdict(ORDER, payload).as_deref(), expected, "{payload}");
    }
}

#[test]
fn a_few_violations_are_told_and_no_value_in_full() {
    let schema = r#"{"additionalProperties":{"type":"number"}}"#;
    let reason = verdict(schema, r#"{"a":"","b":"","c":"","d":""}"#).unwrap();
    assert_eq!(reason.matches("is not of type").count(), 3, "{reason}");
    assert!(reason.ends_with("; and more"), "{reason}");
    let reason = verdict(schema, &format!(r#"{{"a":"{}"}}"#, "geheim".repeat(1_000))).unwrap();
    assert!(reason.starts_with("payload at /a: the string is not"), "{reason}");
    let reason = verdict(schema, &format!(r#"{{"{}":""}}"#, "ä".repeat(9_000))).unwrap();
    assert!(reason.len() < 2_000, "{}", reason.len());
}

#[test]
fn a_large_payload_with_countless_violations_is_refused_with_the_first() {
    let payload = format!(r#"{{"l":[{}1]}}"#, "1,".repeat(500_000));
    let schema = r#"{"properties":{"l":{"items":{"anyOf":[{"type":"string"},{"type":"null"}]}}}}"#;
    let reason = verdict(schema, &payload).unwrap();
    assert!(reason.starts_with("payload at /l/0: 1 is not valid under any"), "{reason}");
    assert!(!reason.contains(';'), "{reason}");
    assert_eq!(verdict(r#"{"properties":{"l":{"items":{"type":"integer"}}}}"#, &payload), None);
}

#[test]
fn a_schema_is_for_its_event_type_and_its_version_goes_before_all() {
    let check = SchemaCheck::compile(
        [
            schema("A", None, r#"{"required":["all"]}"#),
            schema("A", Some(2), r#"{"required":["two"]}"#),
            schema("B", Some(1), "false"),
        ],
        WithoutSchema::Accepted,
    )
    .unwrap();
    let passes =
        |event_type, version, payload| refusal(&check, &event(event_type, version, payload)).is_none();
    for version in [None, Some(1), Some(3)] {
        assert!(passes("A", version, r#"{"all":1}"#) && !passes("A", version, r#"{"two":1}"#));
    }
    assert!(passes("A", Some(2), r#"{"two":1}"#) && !passes("A", Some(2), r#"{"all":1}"#));
    assert!(!passes("B", None, "{}") && !passes("B", Some(1), "{}") && passes("B", Some(2), "{}"));
    assert!(passes("C", None, "{}"));
}

#[test]
fn an_event_without_schema_is_refused_where_every_event_must_have_one() {
    let schemas = [schema("A", Some(1), "true")];
    let check = SchemaCheck::compile(schemas, WithoutSchema::Refused).unwrap();
    assert_eq!(refusal(&check, &event("A", None, "{}")), None);
    for event in [event("A", Some(2), "{}"), event("B", None, "{}")] {
        let (code, reason) = refusal(&check, &event).unwrap();
        assert_eq!(code, "schema-missing");
        assert!(reason.contains(event.event_type.as_str()), "{reason}");
    }
}

#[test]
fn two_schemas_for_the_same_events_are_refused() {
    let compile = |versions: [Option<u32>; 2]| {
        SchemaCheck::compile(versions.map(|version| schema("A", version, "true")), WithoutSchema::Accepted)
    };
    assert!(matches!(compile([None, None]), Err(SchemaError::Twice { schema_version: None, .. })));
    assert!(matches!(compile([Some(1), Some(1)]), Err(SchemaError::Twice { schema_version: Some(_), .. })));
    assert!(compile([Some(1), None]).is_ok() && compile([Some(1), Some(2)]).is_ok());
}

#[test]
fn each_draft_has_its_own_keywords() {
    let draft_07 = r#"{"$schema":"http://json-schema.org/draft-07/schema#",
        "properties":{"pair":{"items":[{"type":"string"}],"additionalItems":false}},
        "dependencies":{"a":["b"]},"definitions":{}}"#;
    let draft_2020_12 = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema",
        "properties":{"pair":{"prefixItems":[{"type":"string"}],"items":false}},
        "dependentRequired":{"a":["b"]},"unevaluatedProperties":{"type":"integer"}}"#;
    for schema in [draft_07, draft_2020_12] {
        assert_eq!(verdict(schema, r#"{"pair":["x"],"a":1,"b":2}"#), None);
        for wrong in [r#"{"pair":[1]}"#, r#"{"pair":["x","y"]}"#, r#"{"a":1}"#] {
            assert!(verdict(schema, wrong).is_some(), "{schema} {wrong}");
        }
    }
    assert_eq!(verdict(draft_07, r#"{"more":"x"}"#), None);
    assert!(verdict(draft_2020_12, r#"{"more":"x"}"#).is_some());
}

#[test]
fn formats_are_checked_in_every_draft() {
    for draft in ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"] {
        let schema = format!(
            r#"{{"$schema":"{draft}","properties":{{"at":{{"format":"date-time"}},"of":{{"format":"ours"}}}}}}"#
        );
        assert_eq!(verdict(&schema, r#"{"at":"2026-11-20T10:30:00Z","of":"x"}"#), None);
        let reason = verdict(&schema, r#"{"at":"yesterday"}"#).unwrap();
        assert!(reason.contains(r#""yesterday" is not a "date-time""#), "{reason}");
    }
}

#[test]
fn numbers_are_compared_digit_by_digit() {
    let schema = r#"{"properties":{
        "cents":{"multipleOf":0.01},
        "big":{"type":"integer","maximum":123456789012345678901234567890},
        "small":{"exclusiveMinimum":0},
        "one":{"const":1}}}"#;
    for payload in [
        r#"{"cents":99.99}"#,
        r#"{"cents":123456789012345678901234567890.01}"#,
        r#"{"big":123456789012345678901234567890}"#,
        r#"{"big":1e3}"#,
        r#"{"small":1e-300}"#,
        r#"{"one":1.0}"#,
    ] {
        assert_eq!(verdict(schema, payload), None, "{payload}");
    }
    for payload in [
        r#"{"cents":99.999}"#,
        r#"{"cents":123456789012345678901234567890.001}"#,
        r#"{"big":123456789012345678901234567891}"#,
        r#"{"big":0.5}"#,
        r#"{"small":0e5}"#,
        r#"{"one":1.00000000000000000000000001}"#,
    ] {
        assert!(verdict(schema, payload).is_some(), "{payload}");
    }
}

#[test]
fn an_object_is_no_number_whatever_its_member_is_called() {
    let schema = r#"{"properties":{"n":{"type":"number"}}}"#;
    assert!(verdict(schema, r#"{"n":{"$serde_json::private::Number":"5"}}"#).is_some());
}

#[tokio::test]
async fn an_import_makes_dead_letters_of_violations_and_stores_the_rest() {
    let line = |payload: &str| {
        format!(r#"{{"eventType":"OrderPlaced","aggregate":"Order/1","payload":{payload}}}"#) + "\n"
    };
    let text = [line(r#"{"total":1}"#), line("{}"), line(r#"{"total":2}"#)].concat();
    let mut import = import_of("a.jsonl", Mapping::Preset(Preset::Annals));
    import.checks.push(Arc::new(compile(ORDER).unwrap()));
    let outcome = run(&MemoryStore::new(), import, text.as_bytes()).await.unwrap();
    assert_eq!(outcome.refused(), [(2, "schema-violated")]);
    assert_eq!(outcome.counts(), [2, 0, 0, 1]);
}

proptest! {
    /// The oracle is arithmetic on whole numbers.
    #[test]
    fn bounds_agree_with_arithmetic(value: i64, bound: i64, step in 1_i64..1_000) {
        let schema = format!(r#"{{"properties":{{"n":{{"maximum":{bound},"multipleOf":{step}}}}}}}"#);
        let passes = verdict(&schema, &format!(r#"{{"n":{value}}}"#)).is_none();
        prop_assert_eq!(passes, value <= bound && value % step == 0);
    }
}
