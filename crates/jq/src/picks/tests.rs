//! Picking is held against the interpreter.

use jaq_core::Filter;
use proptest::prelude::*;

use super::Pick;
use crate::compile::compile;
use crate::evaluate::Evaluator;
use crate::program::{Program, ProgramText};
use crate::vocabulary::Kind;

const VARIABLES: &[&str] = &["source", "line"];

/// Programs that pick, with all that picking knows.
const PICKING: &[&str] = &[
    ".",
    ".a",
    ".a.b.c",
    "{a, $line, \"b\": .b, c: \"t\\u00e9\\n\", d: {e: .[\"a\"], f: 15}}",
    "{}",
    "del(.a)",
    "{payload: del(.a, .\"b\", .a), source: $source}",
    "[.a, \"x\", .b, $source] | join(\"-\\n\")",
    "\"\\(.a)/\\($source) \\\"\"",
    "{a: (.a // .b // \"none\"), line: ($line // 0), c: (.c // {})}",
    r#""\(.a // "none")""#,
];

/// Programs that do more, though they look alike.
const MORE: &[&str] = &[
    ".a?",
    ".a[]",
    ".[0]",
    ".a | .b",
    "{a: 1, a: 2}",
    "{(.a): 1}",
    "{a: 1.0}",
    "{a: 01}",
    "[.a]",
    "[.a, .b] | join(.c)",
    "[.a[]] | join(\"-\")",
    "del(.a.b)",
    "del(.[0])",
    "def del(f): 1; del(.a)",
    "@base64 \"\\(.a)\"",
    "\"\\(.a, .b)\"",
    "(.a, .b) // 1",
    ".a, .b",
    "$__prog_args",
    "-1",
];

fn program(text: &str) -> Option<(Program, Filter<Kind>)> {
    let program = Program::compile(ProgramText { name: "p", text, variables: VARIABLES }).ok()?;
    let filter = compile(&program).ok()?;
    Some((program, filter))
}

/// What an evaluator gives, picking where it can, and what the interpreter gives.
fn outcomes(text: &str, record: &str, output_bytes_max: u64) -> [Result<String, String>; 2] {
    let (program, filter) = program(text).unwrap();
    let variables: [&[u8]; 2] = [b"\"s\\u0020\\\"\"", b"7"];
    [true, false].map(|picks| {
        let mut evaluator = Evaluator::new(&filter, &program, output_bytes_max);
        evaluator.picks(picks);
        let outputs = evaluator.evaluate(record.as_bytes(), &variables);
        outputs
            .map(|outputs| format!("{:?} {}", outputs.ends, String::from_utf8_lossy(&outputs.texts)))
            .map_err(|error| error.to_string())
    })
}

#[test]
fn knows_by_the_syntax_what_only_picks() {
    for text in PICKING {
        let (program, _) = program(text).unwrap();
        assert!(Pick::of(&program).is_some(), "{text}");
    }
    for (text, (program, _)) in MORE.iter().filter_map(|text| Some((text, program(text)?))) {
        assert!(Pick::of(&program).is_none(), "{text}");
    }
}

#[test]
fn leaves_to_the_interpreter_what_it_alone_can_tell() {
    let records = [
        "",
        "null",
        "[1]",
        "\"x\"",
        "{\"a\":1,}",
        "{\"a\":1} 2",
        "{\"a\":\"\u{0}\"}",
        "{\"a\":{\"b\":3}}",
        "{\"a\":\"x\",\"b\":2}",
        "{\"a\":{\"b\":null}}",
        "{\"a\":false,\"b\":null}",
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"a\":\"\\ud800\"}",
        "{\"\\u0061\":\"\\u0062\\/\",\"b\":[1.10, {\"c\": -0}]}",
    ];
    for (text, record) in PICKING.iter().flat_map(|text| records.iter().map(move |record| (text, record))) {
        let [picked, interpreted] = outcomes(text, record, 1000);
        assert_eq!(picked, interpreted, "{text} on {record}");
    }
}

/// JSON texts, some of whose names stand in the programs.
fn json() -> impl Strategy<Value = String> {
    let string = prop::sample::select(vec!["", "x", "é", "a \\\" b", "\\u0041\\/", "😀\\n"]);
    let number = prop::sample::select(vec!["0", "-0", "1.10", "1e2", "123456789012345678901234567890"]);
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned),
        number.prop_map(str::to_owned),
        string.prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let name = prop::sample::select(vec!["a", "b", "c", "\\u0061", "d e"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec((name, inner), 0..5).prop_map(|members| {
                let members = members.iter().map(|(name, value)| format!("\"{name}\" : {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn picking_gives_what_the_interpreter_gives(
        record in json(),
        text in prop::sample::select(PICKING.to_vec()),
        output_bytes_max in prop_oneof![Just(1_000_u64), 0_u64..60],
    ) {
        let [picked, interpreted] = outcomes(text, &record, output_bytes_max);
        prop_assert_eq!(picked, interpreted);
    }
}
