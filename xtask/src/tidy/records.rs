//! Decision records: numbered without gaps, one page each, in four parts, and listed in `DECISIONS.md`.

use super::Finding;
use super::documents::missing_parts;
use super::tree::{Tree, stem};

const FOLDER: &str = "docs/adr/";
const LIST: &str = "DECISIONS.md";
const LINES_MAX: usize = 60;
const PARTS: &[&str] = &["Status", "Context", "Options", "Outcome"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let list = tree.text(LIST).unwrap_or_default();
    let mut findings = Vec::new();
    let records = tree.files().filter(|(path, _)| path.starts_with(FOLDER));
    for ((path, text), expected) in records.zip(1..) {
        let number = stem(path).split('-').next().and_then(|number| number.parse::<usize>().ok());
        if number != Some(expected) {
            let remedy = format!("this should be number {expected:04}; records are numbered without gaps");
            findings.push(Finding::new(path, 1, remedy));
        }
        if !text.starts_with(&format!("# {expected:04}: ")) {
            findings.push(Finding::new(path, 1, format!("begin with `# {expected:04}: ` and the decision")));
        }
        if text.lines().count() > LINES_MAX {
            findings.push(Finding::new(path, LINES_MAX + 1, "a decision record is one page; shorten it"));
        }
        findings.extend(missing_parts(path, text, PARTS));
        if !list.contains(&format!("({path})")) {
            findings.push(Finding::new(LIST, 1, format!("list {path}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# 0001: A\n\n## Status\n## Context\n## Options\n## Outcome\n";

    #[test]
    fn accepts_a_record_that_is_listed() {
        let tree = Tree::of(&[("docs/adr/0001-a.md", GOOD), (LIST, "- [A](docs/adr/0001-a.md)")]);
        assert_eq!(check(&tree), []);
    }

    #[test]
    fn refuses_a_gap_in_the_numbers() {
        let second = GOOD.replace("0001", "0003");
        let list = "(docs/adr/0001-a.md) (docs/adr/0003-c.md)";
        let tree = Tree::of(&[("docs/adr/0001-a.md", GOOD), ("docs/adr/0003-c.md", &second), (LIST, list)]);
        assert!(check(&tree)[0].remedy.contains("0002"));
    }

    #[test]
    fn refuses_a_record_that_is_long_lacks_a_part_or_is_not_listed() {
        let text = format!("{}{}", GOOD.replace("## Options", ""), "\n".repeat(60));
        let found = check(&Tree::of(&[("docs/adr/0001-a.md", &text), (LIST, "")]));
        let remedies: Vec<_> = found.iter().map(|finding| finding.remedy.as_str()).collect();
        assert_eq!(
            remedies,
            [
                "a decision record is one page; shorten it",
                "add the part `## Options`",
                "list docs/adr/0001-a.md"
            ]
        );
    }
}
