//! Every stable code has a page in `docs/errors`, and every page has a code that can occur.
//!
//! A code is a string literal in the product's sources (`crates/*/src`, without test modules and without the
//! conformance suite) that stands
//!
//! - in the body of a function that returns `&'static str` and is named `code` or `…_code`, or
//! - as the value of a field or argument `code: "…"`, or
//! - in the sources that look for problems in a store (folders `verify` and `inspect` of the libraries): as the
//!   first argument of `at`, `of_log` or `problem`, or anywhere, if it is in-kebab-case with a hyphen.
//!
//! A page is `docs/errors/<code>.md`, begins with the heading `` # `<code>`: … `` and has four parts.

use std::collections::BTreeMap;

use super::Finding;
use super::documents::missing_parts;
use super::tree::{Tree, stem};
use crate::rust_tokens::{Kind, Token, block, starts_with, tokens, without_test_modules};

const FOLDER: &str = "docs/errors/";
const LINES_MAX: usize = 40;

/// The folder of the crate that holds tests for other crates and no product.
const SUITE: &str = "store-conformance";

const PROBLEM_FOLDERS: &[&str] = &["verify", "inspect"];
const PROBLEM_CALLS: &[&str] = &["at", "of_log", "problem"];
const PARTS: &[&str] = &["What happened", "What Annals did", "What to do", "Example"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut codes: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| is_product(path)) {
        let tokens = without_test_modules(&tokens(text));
        let mut found = codes_of_errors(&tokens);
        if looks_for_problems(path) {
            found.extend(codes_of_problems(&tokens));
        }
        for (code, line) in found {
            if is_kebab_case(code) {
                codes.entry(code).or_insert((path, line));
            } else {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("{code:?} is no code; write it in-kebab-case"),
                ));
            }
        }
    }
    for (code, (path, line)) in &codes {
        if tree.text(&format!("{FOLDER}{code}.md")).is_none() {
            let remedy = format!("{code} has no page; explain it in {FOLDER}{code}.md");
            findings.push(Finding::new(path, *line, remedy));
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| path.starts_with(FOLDER)) {
        findings.extend(check_page(path, text, codes.contains_key(stem(path))));
    }
    findings
}

fn is_product(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("crates") && parts.next() != Some(SUITE) && parts.next() == Some("src")
}

fn looks_for_problems(path: &str) -> bool {
    let is_library = !path.starts_with("crates/cli/");
    is_library && path.split('/').any(|folder| PROBLEM_FOLDERS.contains(&folder))
}

fn is_kebab_case(code: &str) -> bool {
    let parts = code.split('-');
    let is_plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    parts.into_iter().all(is_plain)
}

fn codes_of_errors<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, usize)> {
    let mut codes = Vec::new();
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        if is_code_function(rest) {
            let body = block(rest).unwrap_or_default();
            codes.extend(rest[body].iter().filter_map(text));
        } else if starts_with(rest, &[Kind::Word("code"), Kind::Mark(':')]) {
            codes.extend(rest.get(2).and_then(text));
        }
    }
    codes
}

fn codes_of_problems<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, usize)> {
    let is_call = |before: &[Token<'_>]| match before {
        [.., Token { kind: Kind::Word(callee), .. }, Token { kind: Kind::Mark('('), .. }] => {
            PROBLEM_CALLS.contains(callee)
        }
        _ => false,
    };
    let literals = tokens.iter().enumerate().filter_map(|(at, token)| Some((at, text(token)?)));
    let is_code = |(at, (text, _)): &(usize, (&str, usize))| {
        is_kebab_case(text) && (text.contains('-') || is_call(&tokens[..*at]))
    };
    literals.filter(is_code).map(|(_, found)| found).collect()
}

/// `fn code(…) -> &'static str` or `fn …_code(…) -> &'static str`, whose lifetime is not among the tokens.
fn is_code_function(tokens: &[Token<'_>]) -> bool {
    let [Token { kind: Kind::Word("fn"), .. }, Token { kind: Kind::Word(name), .. }, rest @ ..] = tokens
    else {
        return false;
    };
    let close = rest.iter().position(|token| token.kind == Kind::Mark(')')).unwrap_or_default();
    let mut returned = rest[close..].iter().take_while(|token| token.kind != Kind::Mark('{'));
    (*name == "code" || name.ends_with("_code")) && returned.any(|token| token.kind == Kind::Word("str"))
}

fn text<'a>(token: &Token<'a>) -> Option<(&'a str, usize)> {
    match token.kind {
        Kind::Text(text) => Some((text, token.line)),
        _ => None,
    }
}

fn check_page(path: &str, text: &str, occurs: bool) -> Vec<Finding> {
    let code = stem(path);
    let mut findings = Vec::new();
    if !occurs {
        let remedy = format!("no error has the code {code}; delete the page, or rename it with its error");
        findings.push(Finding::new(path, 1, remedy));
    }
    if !text.starts_with(&format!("# `{code}`: ")) {
        findings.push(Finding::new(path, 1, format!("begin with the heading # `{code}`: and what happened")));
    }
    if text.lines().count() > LINES_MAX {
        let remedy = format!("at most {LINES_MAX} lines: who reads this page has a problem to solve");
        findings.push(Finding::new(path, LINES_MAX + 1, remedy));
    }
    findings.extend(missing_parts(path, text, PARTS));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str =
        "impl E { fn code(&self) -> &'static str { match self { A { .. } => \"not-found\" } } }";

    const PAGE: &str = "# `not-found`: a\n## What happened\n## What Annals did\n## What to do\n## Example\n";

    fn remedies(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_codes_that_have_their_pages() {
        let import = "fn import_code(e: &E) -> &'static str { \"old\" }";
        let source = format!("{CODE} {import} fn f() {{ P {{ code: \"new\" }} }}");
        let page = |code: &str| PAGE.replace("not-found", code);
        let (found, old, new) = (page("not-found"), page("old"), page("new"));
        let files = [
            ("crates/a/src/error.rs", source.as_str()),
            ("docs/errors/not-found.md", &found),
            ("docs/errors/old.md", &old),
            ("docs/errors/new.md", &new),
        ];
        assert_eq!(remedies(&files), [""; 0]);
    }

    #[test]
    fn refuses_a_code_without_a_page() {
        let found = remedies(&[("crates/a/src/error.rs", CODE)]);
        assert_eq!(
            found,
            ["crates/a/src/error.rs:1: not-found has no page; explain it in docs/errors/not-found.md"]
        );
    }

    #[test]
    fn refuses_a_page_without_a_code_or_with_another_heading() {
        let found = remedies(&[("docs/errors/gone.md", "# Gone\n")]);
        assert!(found[0].contains("no error has the code gone"), "{found:?}");
        assert!(found[1].contains("begin with the heading"), "{found:?}");
        assert!(found[2].contains("add the part `## What happened`"), "{found:?}");
    }

    #[test]
    fn refuses_a_long_page_and_a_code_that_is_not_in_kebab_case() {
        let page = format!("{PAGE}{}", "\n".repeat(36));
        let files = [("crates/a/src/error.rs", CODE), ("docs/errors/not-found.md", page.as_str())];
        assert!(remedies(&files)[0].contains("at most 40 lines"));
        let shouted = remedies(&[("crates/a/src/a.rs", "fn f() { P { code: \"Not_Found\" } }")]);
        assert!(shouted[0].contains("in-kebab-case"));
    }

    #[test]
    fn takes_codes_from_what_looks_for_problems() {
        let source = "fn f() { p.at(\"cut\", 1); g(\"row-altered\"); h(\"events\"); i(\"no code-here\") }";
        let found = remedies(&[("crates/a/src/verify/run.rs", source)]);
        let codes: Vec<_> = found.iter().filter_map(|remedy| remedy.split(' ').nth(1)).collect();
        assert_eq!(codes, ["cut", "row-altered"]);
        assert_eq!(remedies(&[("crates/a/src/run.rs", source)]), [""; 0]);
    }

    #[test]
    fn takes_no_codes_from_tests_and_from_other_functions() {
        let tests = format!("#[cfg(test)] mod tests {{ {CODE} }}");
        let files = [
            ("crates/a/src/error.rs", tests.as_str()),
            ("crates/a/tests/error.rs", CODE),
            ("crates/store-conformance/src/error.rs", CODE),
            ("crates/a/src/other.rs", "fn code(&self) -> Vec<u8> { encode(\"not-a-code\") }"),
        ];
        assert_eq!(remedies(&files), [""; 0]);
    }
}
