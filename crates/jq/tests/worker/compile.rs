//! What is said about a text that is no program.

use annals_jq::{CompileError, Program, ProgramText};

fn refused(text: &str) -> CompileError {
    let source = ProgramText { name: "map.jq", text, variables: &["source", "line"] };
    Program::compile(source).map(|program| panic!("`{}` compiles", program.text())).unwrap_err()
}

#[test]
fn names_what_is_not_offered() {
    for name in [
        "env",
        "$ENV",
        "now",
        "input",
        "inputs",
        "input_filename",
        "halt",
        "halt_error",
        "localtime",
        "debug",
        "stderr",
        "debug_empty",
        "stderr_empty",
    ] {
        let message = refused(&format!(". as $x |\n {name}")).to_string();
        assert!(message.starts_with(&format!("map.jq:2:2: `{name}` is not offered: ")), "{message}");
    }
    for (text, name) in [
        ("strflocaltime(\"%H\")", "strflocaltime"),
        ("halt_error(1)", "halt_error"),
        ("halt(0)", "halt"),
        ("debug(\"x\")", "debug"),
        ("env.HOME", "env"),
        ("$ENV.HOME", "$ENV"),
        ("[inputs]", "inputs"),
    ] {
        assert!(refused(text).to_string().contains(&format!("`{name}` is not offered")), "{text}");
    }
}

#[test]
fn a_programs_own_definition_may_have_the_name() {
    let text = "def now: 5; now";
    assert!(Program::compile(ProgramText { name: "own", text, variables: &[] }).is_ok());
}

#[test]
fn refuses_modules_and_data_imports() {
    for text in ["import \"a\" as a; a::f", "include \"a\"; f", "import \"a\" as $a; $a"] {
        assert!(refused(text).to_string().contains("the module \"a\" cannot be imported"), "{text}");
    }
}

#[test]
fn shows_where_the_text_goes_wrong_and_why() {
    let cases = [
        ("", "map.jq:1:1: expected term, found the end of the program"),
        ("{a: 1", "map.jq:1:6: `{` of 1:1 is not closed"),
        ("1 |\n  §", "map.jq:2:3: "),
        ("\"ä\" | foo(1)", "map.jq:1:7: the filter `foo/1` is not defined"),
        ("$lines", "map.jq:1:1: the variable `$lines` is not defined"),
        ("if 1 then 2", "map.jq:1:12: expected else or end, found the end of the program"),
        (". | | 2", "map.jq:1:5: expected term, found `|`"),
        ("reduce . as $x (1)", "map.jq:1:1: "),
    ];
    for (text, expected) in cases {
        let message = refused(text).to_string();
        assert!(message.starts_with(expected), "{text}: {message}");
    }
}

#[test]
fn lists_every_problem_in_the_order_of_the_text() {
    let error = refused("[now,\n nope, env]");
    let places: Vec<_> = error.problems.iter().map(|problem| (problem.line, problem.column)).collect();
    assert_eq!(places, [(1, 2), (2, 2), (2, 8)]);
}

#[test]
fn refuses_bad_variable_names_and_endless_texts() {
    for name in ["", "a b", "1a", "$a", "ä"] {
        assert!(
            Program::compile(ProgramText { name: "v", text: ".", variables: &[name] }).is_err(),
            "{name}"
        );
    }
    assert!(refused(&"1,".repeat(40_000)).to_string().contains("80000 bytes"));
}

#[test]
fn survives_the_deepest_nesting() {
    let depth = 32_000;
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{a:", "}"), ("-", ""), ("if ", ""), ("try ", ""), ("1|", "")]
    {
        let count = depth.min(60_000 / (open.len() + close.len()));
        let text = format!("{}1{}", open.repeat(count), close.repeat(count));
        let _ = Program::compile(ProgramText { name: "deep", text: &text, variables: &[] });
    }
}
