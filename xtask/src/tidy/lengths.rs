//! Small rooms: a source file of more than 400 lines, or a function of more than 70, is one that a newcomer
//! gets lost in. Files over 150 lines are counted, not refused.

use super::Finding;
use super::tree::Tree;
use crate::rust_tokens::{Kind, block, tokens};

const FILE_LINES_MAX: usize = 400;
const FILE_LINES_LONG: usize = 150;
const FUNCTION_LINES_MAX: usize = 70;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = sources(tree)
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(path, lines)| {
            let remedy =
                format!("{lines} lines, at most {FILE_LINES_MAX}: split the file by what its parts do");
            Finding::new(path, FILE_LINES_MAX + 1, remedy)
        })
        .collect();
    for (path, text) in tree.rust() {
        findings.extend(long_functions(path, text));
    }
    findings
}

/// How many source files are longer than most should be.
pub(super) fn long_files(tree: &Tree) -> usize {
    sources(tree).filter(|(_, lines)| *lines > FILE_LINES_LONG).count()
}

fn sources(tree: &Tree) -> impl Iterator<Item = (&str, usize)> {
    let files = tree.files().filter(|(path, _)| path.ends_with(".rs") || path.ends_with(".sql"));
    files.map(|(path, text)| (path, text.lines().count()))
}

fn long_functions(path: &str, text: &str) -> Vec<Finding> {
    let tokens = tokens(text);
    let mut findings = Vec::new();
    for (index, pair) in tokens.windows(2).enumerate() {
        let [first, Kind::Word(name)] = [pair[0].kind, pair[1].kind] else { continue };
        if first != Kind::Word("fn") {
            continue;
        }
        let Some(body) = block(&tokens[index..]) else { continue };
        let lines = tokens[index + body.end - 1].line - pair[0].line + 1;
        if lines > FUNCTION_LINES_MAX {
            let remedy = format!(
                "the function {name} has {lines} lines, at most {FUNCTION_LINES_MAX}: name its steps"
            );
            findings.push(Finding::new(path, pair[0].line, remedy));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_long_file_and_counts_longish_ones() {
        let (long, longish, fine) = ("\n".repeat(401), "\n".repeat(400), "\n".repeat(150));
        let tree = Tree::of(&[("a.rs", &long), ("b.sql", &longish), ("c.rs", &fine), ("d.md", &long)]);
        assert_eq!(check(&tree).iter().map(|finding| finding.path.as_str()).collect::<Vec<_>>(), ["a.rs"]);
        assert_eq!(long_files(&tree), 2);
    }

    #[test]
    fn refuses_a_long_function_and_names_it() {
        let long = format!("fn short() {{}}\nfn long() {{{}}}", "\n".repeat(70));
        let fine = format!("fn long() {{{}}}", "\n".repeat(69));
        let found = check(&Tree::of(&[("a.rs", &long), ("b.rs", &fine)]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("a.rs", 2));
        assert!(found[0].remedy.contains("the function long has 71 lines"));
    }
}
