//! Words that have no place in the code: drawers without a name, what is unfinished, and lints silenced
//! without a reason.

use super::Finding;
use super::tree::{Tree, stem};
use crate::rust_tokens::{Kind, Token, starts_with, tokens};

/// Names that say nothing about what is in them.
const DRAWERS: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc"];

/// Macros that mark unfinished work.
const UNFINISHED: &[&str] = &["todo", "unimplemented", "dbg"];

/// Notes to oneself. Written in two parts so that this file passes its own check.
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        findings.extend(notes(path, text));
    }
    for (path, text) in tree.rust() {
        if DRAWERS.contains(&stem(path)) || path.split('/').any(|folder| DRAWERS.contains(&folder)) {
            findings.push(Finding::new(path, 1, "name the module after what is in it"));
        }
        let tokens = tokens(text);
        for at in 0..tokens.len() {
            findings.extend(code(path, &tokens[at..]));
        }
    }
    findings
}

fn notes(path: &str, text: &str) -> Vec<Finding> {
    let noted = |line: &str| {
        let mut words = line.split(|next: char| !next.is_alphanumeric() && next != '_');
        words.find_map(|word| NOTES.iter().find(|note| **note == word))
    };
    let lines = text.lines().zip(1..);
    lines
        .filter_map(|(line, number)| {
            let remedy = format!("{}: do it now, or write down elsewhere why not", noted(line)?);
            Some(Finding::new(path, number, remedy))
        })
        .collect()
}

fn code(path: &str, tokens: &[Token<'_>]) -> Option<Finding> {
    use Kind::{Mark, Word};
    let remedy = match tokens.first()?.kind {
        Word("mod") => {
            let Word(name) = tokens.get(1)?.kind else { return None };
            let drawer = DRAWERS.contains(&name);
            drawer.then(|| format!("`mod {name}` says nothing; name it after what is in it"))
        }
        Word(name) if UNFINISHED.contains(&name) && starts_with(&tokens[1..], &[Mark('!')]) => {
            Some(format!("`{name}!` is unfinished work; finish it or take it out"))
        }
        Mark('#') => {
            let inner = usize::from(tokens.get(1)?.kind == Mark('!'));
            let bare = starts_with(&tokens[1 + inner..], &[Mark('['), Word("allow"), Mark('(')]);
            bare.then(|| "use #[expect(…, reason = \"…\")], which says why and goes stale loudly".to_owned())
        }
        _ => None,
    };
    remedy.map(|remedy| Finding::new(path, tokens[0].line, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn refuses_drawers_by_module_file_and_folder() {
        assert_eq!(lines("a.rs", "\npub mod helpers;"), [2]);
        assert_eq!(lines("tests/common/mod.rs", ""), [1]);
        assert_eq!(lines("src/util.rs", ""), [1]);
        assert_eq!(lines("a.rs", "mod commonplace;"), [0; 0]);
    }

    #[test]
    fn refuses_unfinished_macros_but_not_their_names_in_strings() {
        assert_eq!(lines("a.rs", "fn a() { todo!() }\nfn b() { dbg!(1) }"), [1, 2]);
        assert_eq!(lines("a.rs", "// todo!()\nconst A: &str = \"dbg!(1)\"; fn todo() {}"), [0; 0]);
    }

    #[test]
    fn refuses_a_silenced_lint_without_a_reason() {
        assert_eq!(
            lines("a.rs", "#![allow(unused)]\n#[allow(unused)]\n#[expect(unused, reason = \"\")]"),
            [1, 2]
        );
    }

    #[test]
    fn refuses_notes_to_oneself_in_any_text() {
        let text = format!("fine\n# {}: later\n{}IST", NOTES[0], NOTES[1]);
        assert_eq!(lines("a.sh", &text), [2]);
    }
}
