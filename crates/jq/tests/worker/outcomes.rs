//! What a program makes of a record that does it no harm.

use crate::support::{limits, program, run, worker};
use annals_jq::{Batch, ProgramError, WorkerError};

fn outputs(text: &str, input: &str) -> Vec<String> {
    run(text, input, limits()).expect("outputs")
}

fn error(text: &str, input: &str) -> ProgramError {
    run(text, input, limits()).expect_err("an error")
}

#[test]
fn gives_all_outputs_in_order_or_none() {
    assert_eq!(outputs(".[]", r#"[1,"a",null]"#), ["1", "\"a\"", "null"]);
    assert_eq!(outputs("empty", "1"), [""; 0]);
}

#[test]
fn binds_each_variable_to_the_value_of_the_record() {
    let mut worker = worker("[$line, .]", limits());
    let mut batch = Batch::new(worker.program());
    for (input, line) in [("1", "7"), ("2", "7"), ("3", r#"{"n":8}"#)] {
        batch.push(input, &[line]).unwrap();
    }
    let outputs: Vec<_> =
        worker.run(batch).unwrap().into_iter().map(|result| result.unwrap().concat()).collect();
    assert_eq!(outputs, ["[7,1]", "[7,2]", r#"[{"n":8},3]"#]);
}

#[test]
fn refuses_a_record_with_another_number_of_variables() {
    let refused = Batch::new(&program(".")).push("1", &[]);
    assert!(matches!(refused, Err(WorkerError::VariableCount { expected: 1, given: 0 })));
}

#[test]
fn keeps_the_digits_of_numbers_that_the_program_does_not_touch() {
    let numbers = "1.10,1e2,1E+2,-0,-0.0,0.0,100000000000000000000000001,9007199254740993,0.1000000000000000055511151231257827,1e-400";
    let output = outputs("{payload: ., first: .[0], all: [.[]]}", &format!("[{numbers}]"));
    assert_eq!(output, [format!(r#"{{"payload":[{numbers}],"first":1.10,"all":[{numbers}]}}"#)]);
    assert_eq!(outputs("{a: 1.10, b: (.x|tostring)}", r#"{"x":2.50}"#), [r#"{"a":1.10,"b":"2.50"}"#]);
}

#[test]
fn keeps_unicode_and_control_characters() {
    let text = "\"ä 漢 🦀 \\u0001 \\\\ \\\" \\n \u{2028} \u{7f}\"";
    assert_eq!(outputs(".", text), [text]);
    assert_eq!(outputs(".", r#""\u00e4\ud83e\udd80\/""#), ["\"ä🦀/\""]);
    assert_eq!(outputs("length", "\"漢🦀\""), ["2"]);
}

#[test]
fn keeps_the_order_of_members_also_where_some_are_deleted() {
    assert_eq!(outputs("{z: 1, a: ., m: 3} + {b: 4}", "2"), [r#"{"z":1,"a":2,"m":3,"b":4}"#]);
    let record = r#"{"z":1,"y":2,"x":{"c":1,"b":2,"a":3},"w":[0,1,2,3],"v":5}"#;
    assert_eq!(outputs("del(.z)", record), [r#"{"y":2,"x":{"c":1,"b":2,"a":3},"w":[0,1,2,3],"v":5}"#]);
    assert_eq!(outputs("del(.x.c, .y, .w[0,1])", record), [r#"{"z":1,"x":{"b":2,"a":3},"w":[2,3],"v":5}"#]);
    assert_eq!(outputs("delpaths([[\"z\"],[\"x\",\"b\"]])|keys_unsorted", record), [r#"["y","x","w","v"]"#]);
    assert_eq!(
        outputs("with_entries(select(.key != \"z\"))|keys_unsorted", record),
        [r#"["y","x","w","v"]"#]
    );
}

/// What the documentation of the crate says does not hold.
#[test]
fn arithmetic_fromjson_and_assigning_empty_are_jaqs() {
    assert_eq!(
        outputs("4 / 2, 9007199254740993 + 1, (\"-0\"|fromjson)", "1"),
        ["2.0", "9007199254740994", "0"]
    );
    assert_eq!(outputs(".a |= empty", r#"{"a":1,"b":2,"c":3}"#), [r#"{"c":3,"b":2}"#]);
}

#[test]
fn deletes_what_jq_deletes() {
    assert_eq!(outputs("del(.[1:3])", "[0,1,2,3]"), ["[0,3]"]);
    assert_eq!(outputs("del(.[-1], .[9])", "[0,1,2]"), ["[0,1]"]);
    assert_eq!(outputs("del(.[] | select(. > 1))", "[0,1,2,3]"), ["[0,1]"]);
    assert_eq!(outputs("del(.a.b)", "{}"), ["{}"]);
    assert_eq!(outputs("del(.a)", "null"), ["null"]);
    assert_eq!(outputs("del(.)", "1"), ["null"]);
    assert_eq!(outputs("del(.a[0].b, .a[1])", r#"{"a":[{"b":1,"c":2},3]}"#), [r#"{"a":[{"c":2}]}"#]);
    assert!(matches!(error("del(.a)", "[1]"), ProgramError::Failed { .. }));
}

#[test]
fn keeps_the_message_of_error_and_tells_it_from_a_failure() {
    let raised = |message: &str| ProgramError::Raised { message: message.to_owned() };
    assert_eq!(error(r#"error("no \"id\" in line \($line)")"#, "1"), raised("no \"id\" in line 1"));
    assert_eq!(error("error({code: 1})", "1"), raised(r#"{"code":1}"#));
    assert_eq!(error("try error(\"a\") catch error(\"b: \\(.)\")", "1"), raised("b: a"));
    assert_eq!(error(".[] , error", "[1]"), raised("[1]"));
    let failed = error("try error(\"a\") catch .x", "1");
    assert!(
        matches!(&failed, ProgramError::Failed { message } if message.contains("cannot index")),
        "{failed:?}"
    );
    assert!(matches!(error("tonumber", "\"x\""), ProgramError::Failed { .. }));
    assert_eq!(outputs("try error(\"a\") catch .", "1"), ["\"a\""]);
}

#[test]
fn cuts_a_message_that_quotes_a_huge_value() {
    let input = format!("{:?}", "ä".repeat(100_000));
    let ProgramError::Failed { message } = error(".x", &input) else { panic!("it fails") };
    assert!(message.len() < 5000 && message.ends_with('…'), "{} bytes", message.len());
}

#[test]
fn refuses_input_and_output_that_is_not_json() {
    assert!(matches!(error(".", "{"), ProgramError::InputNotJson { .. }));
    assert!(matches!(error("nan", "1"), ProgramError::OutputNotJson { .. }));
    assert!(matches!(error("[infinite]", "1"), ProgramError::OutputNotJson { .. }));
    assert!(matches!(error("{a: \"x\"|tobytes}", "1"), ProgramError::OutputNotJson { .. }));
}

#[test]
fn has_the_rest_of_the_standard_library() {
    assert_eq!(outputs("gmtime|mktime", "1700000000"), ["1700000000"]);
    assert_eq!(
        outputs("strptime(\"%d.%m.%Y %H:%M\")|mktime|todate", "\"20.11.2026 10:30\""),
        ["\"2026-11-20T10:30:00Z\""]
    );
    assert_eq!(outputs("capture(\"(?<a>[a-z]+)-(?<n>[0-9]+)\")", "\"xyz-12\""), [r#"{"a":"xyz","n":"12"}"#]);
    assert_eq!(
        outputs("@base64, @uri, ascii_upcase, ltrimstr(\"a\")", "\"a b\""),
        ["\"YSBi\"", "\"a%20b\"", "\"A B\"", "\" b\""]
    );
    assert_eq!(
        outputs("[limit(3; repeat(1))], (tojson|fromjson), any, ([splits(\", *\")?])", "[true]").len(),
        4
    );
}
