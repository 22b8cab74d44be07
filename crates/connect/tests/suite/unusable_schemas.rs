//! Schemas that cannot be used are refused with their place, and odd ones do no harm.

use annals_connect::{SchemaError, Validate};
use proptest::prelude::*;

use crate::schemas::{compile, event, verdict};

#[test]
fn a_schema_that_cannot_be_used_is_named_with_its_file_and_its_place() {
    for (text, message) in [
        ("", "order.json: the text ends too early (line 1, column 1)"),
        ("{\"a\":\n 1,}", "order.json: unexpected '}' (line 2, column 4)"),
        (r#"{"type":"object","type":"array"}"#, r#"the name "type" stands twice"#),
        ("[]", "order.json: this must be an object"),
        (r#"{"properties":{"n":{"minLength":-1}}}"#, "order.json#/properties/n/minLength: -1 is less than"),
        (r#"{"properties":{"n":{"type":"strin"}}}"#, r#"order.json#/properties/n/type: "strin" is not"#),
        (r#"{"properties":{"n":{"pattern":"("}}}"#, r#"order.json#/properties/n/pattern: "(" is not"#),
        (r##"{"items":{"$ref":"#/$defs/x"}}"##, "order.json#/items/$ref: Pointer '/$defs/x' does not exist"),
        (r#"{"$schema":"https://example.com/ours"}"#, "order.json#/$schema: https://example.com/ours is no"),
    ] {
        let error = compile(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn nothing_but_the_schemas_own_document_is_read() {
    let folder = env!("CARGO_MANIFEST_DIR");
    for target in [
        "https://json.schemastore.org/package.json",
        "http://127.0.0.1:1/x.json",
        &format!("file://{folder}/tests/suite/order.json"),
        "order.json",
        "/etc/hostname",
    ] {
        for keyword in ["$ref", "$dynamicRef"] {
            let error =
                compile(&format!(r#"{{"properties":{{"a":{{"{keyword}":"{target}"}}}}}}"#)).unwrap_err();
            assert!(matches!(error, SchemaError::Elsewhere { .. }), "{error:?}");
            let message = error.to_string();
            assert!(
                message.contains(target) && message.contains(&format!("#/properties/a/{keyword}")),
                "{message}"
            );
        }
    }
    let bundled = r#"{"$id":"https://example.com/order","properties":{"item":{"$ref":"item"}},
        "$defs":{"item":{"$id":"item","type":"object"}}}"#;
    let reason = verdict(bundled, r#"{"item":7}"#).unwrap();
    assert!(reason.contains("(https://example.com/item#/type)"), "{reason}");
}

/// Runs on a stack of 2 MiB, as every thread of an import has.
fn on_a_usual_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn odd_schemas_neither_overflow_nor_panic() {
    let deep_payload = format!("{}{{}}{}", r#"{"a":"#.repeat(99), "}".repeat(99));
    let nested =
        |before: &str, after: &str, times| format!("{}{{}}{}", before.repeat(times), after.repeat(times));
    let mut schemas = vec![
        r##"{"$ref":"#"}"##.to_owned(),
        r##"{"allOf":[{"$ref":"#"}],"not":{"$ref":"#"}}"##.to_owned(),
        r##"{"$dynamicAnchor":"x","allOf":[{"$dynamicRef":"#x"}]}"##.to_owned(),
        r##"{"additionalProperties":{"$ref":"#"},"unevaluatedProperties":false,"anyOf":[{"properties":{"a":{"$ref":"#"}}},{"required":["b"]}]}"##.to_owned(),
        r##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}"##.to_owned(),
        r##"{"$id":"::::"}"##.to_owned(),
        r##"{"$ref":"#/%zz"}"##.to_owned(),
        r##"{"multipleOf":0}"##.to_owned(),
        r##"{"maxProperties":99999999999999999999999999,"multipleOf":1e-16000}"##.to_owned(),
        r##"{"properties":{"a":{"pattern":"((a{1000}){1000}){1000}"}}}"##.to_owned(),
        r##"{"propertyNames":{"pattern":"^((a+)+)+(?=b)"}}"##.to_owned(),
        nested(r#"{"not":"#, "}", 99),
        nested(r#"{"properties":{"a":"#, "}}", 49),
        nested(r#"{"a":"#, "}", 100_000),
    ];
    for links in [1_000, 100_000] {
        for wrapped in [("", ""), (r#"{"allOf":[{"anyOf":["#, "]}]}")] {
            let link = |n| format!(r##""d{n}":{}{{"$ref":"#/$defs/d{}"}}{},"##, wrapped.0, n + 1, wrapped.1);
            let chain: String = (0..links - 1).map(link).collect();
            let last = format!(r##""d{}":{{"additionalProperties":{{"type":"object"}}}}"##, links - 1);
            schemas.push(format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{chain}{last}}}}}"##));
        }
    }
    on_a_usual_stack(move || {
        let usable = schemas.iter().filter_map(|text| compile(text).ok()).map(|check| {
            for payload in [&deep_payload, r#"{"a":1}"#, "{}"] {
                let _ = check.check(&event("OrderPlaced", None, payload));
            }
        });
        assert_eq!(usable.count(), 11);
    });
}

proptest! {
    #[test]
    fn no_text_makes_the_compiler_panic(text in r#"[{}\[\]":,#/$a-z0-9 ]{0,60}"#) {
        let _ = compile(&text);
    }
}
