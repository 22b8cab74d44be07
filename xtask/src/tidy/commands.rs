//! What documents and messages tell people to type exists: `` `annals verify …` `` or `'annals verify …'` names
//! a subcommand of the binary. Subcommands are the variants of the enums in the command line's `lib.rs` whose names
//! end in `Command`.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;
use crate::rust_tokens::{Kind, Token, block, tokens, without_test_modules};

const MAIN: &str = "crates/cli/src/lib.rs";

/// The subcommand that clap adds.
const HELP: &str = "help";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(main) = tree.text(MAIN) else { return Vec::new() };
    let mut known = subcommands(&tokens(main));
    known.insert(HELP.to_owned());
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        let mentions = match path.rsplit('.').next() {
            Some("md") => in_document(text),
            Some("rs") if path.starts_with("crates/") => in_strings(text),
            _ => continue,
        };
        for (command, line) in mentions.into_iter().filter(|(command, _)| !known.contains(*command)) {
            let remedy =
                format!("there is no `annals {command}`; add it, or name what people can do instead");
            findings.push(Finding::new(path, line, remedy));
        }
    }
    findings
}

fn subcommands(tokens: &[Token<'_>]) -> BTreeSet<String> {
    let is_declaration = |at: &usize| match tokens.get(*at..at + 2) {
        Some([keyword, name]) => {
            keyword.kind == Kind::Word("enum")
                && matches!(name.kind, Kind::Word(name) if name.ends_with("Command"))
        }
        _ => false,
    };
    let starts = (0..tokens.len()).filter(is_declaration);
    let bodies = starts.filter_map(|start| Some(&tokens[start..][block(&tokens[start..])?]));
    bodies.flat_map(variants).collect()
}

fn variants(body: &[Token<'_>]) -> Vec<String> {
    let mut depth = 0_usize;
    let mut names = Vec::new();
    for token in body {
        match token.kind {
            Kind::Mark('{' | '(' | '[') => depth += 1,
            Kind::Mark('}' | ')' | ']') => depth -= 1,
            Kind::Word(variant) if depth == 1 => names.push(kebab_case(variant)),
            _ => {}
        }
    }
    names
}

fn kebab_case(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// Commands between backquotes, and at the beginning of lines in code blocks.
fn in_document(text: &str) -> Vec<(&str, usize)> {
    let mut is_code = false;
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let typed = line.trim_start().trim_start_matches("$ ").strip_prefix("annals ");
        found.extend(typed.filter(|_| is_code).and_then(subcommand).map(|command| (command, number)));
        found.extend(quoted(line).map(|command| (command, number)));
    }
    found
}

fn in_strings(text: &str) -> Vec<(&str, usize)> {
    let tokens = without_test_modules(&tokens(text));
    let strings = tokens.iter().filter_map(|token| match token.kind {
        Kind::Text(text) => Some((text, token.line)),
        _ => None,
    });
    strings.flat_map(|(text, line)| quoted(text).map(move |command| (command, line))).collect()
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let starts = ["`annals ", "'annals "].into_iter();
    starts.flat_map(|start| text.split(start).skip(1)).filter_map(subcommand)
}

/// The word that a command begins with, unless it is an option or stands for one of many.
fn subcommand(typed: &str) -> Option<&str> {
    let end = typed.find(|next: char| !next.is_ascii_lowercase() && next != '-').unwrap_or(typed.len());
    let word = &typed[..end];
    (!word.is_empty() && !word.starts_with('-')).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINARY: &str =
        "enum Command { Verify(verify::Args), #[command(hide = true)] JqWorker { a: u8 }, Tail }";

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let tree = Tree::of(&[(MAIN, BINARY), (path, text)]);
        check(&tree).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn accepts_commands_that_exist_and_what_is_no_command() {
        let text = "`annals verify --vkey FILE` `annals jq-worker` `annals help` `annals COMMAND` `annals --help`\n\
                    annals is a store\n```sh\nannals tail\n```\n";
        assert_eq!(lines("docs/a.md", text), [0; 0]);
    }

    #[test]
    fn refuses_commands_that_do_not_exist_in_documents_and_messages() {
        assert_eq!(lines("docs/a.md", "run\n`annals repent`\n```sh\n$ annals recant --now\n```\n"), [2, 4]);
        assert_eq!(
            lines("crates/a/src/error.rs", "// 'annals x'\nconst A: &str = \"run 'annals repent'\";"),
            [2]
        );
    }
}
