//! Documents stay short enough to be read, and their links lead somewhere.

use super::Finding;
use super::tree::Tree;

/// Documents that have a limit, in lines.
const LIMITS: &[(&str, usize)] = &[("README.md", 120), ("ARCHITECTURE.md", 300)];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for &(path, lines_max) in LIMITS {
        if tree.text(path).is_some_and(|text| text.lines().count() > lines_max) {
            let remedy = format!("at most {lines_max} lines; move what is beyond into docs");
            findings.push(Finding::new(path, lines_max + 1, remedy));
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with(".md")) {
        for (line, number) in text.lines().zip(1..) {
            let dead = links(line).filter(|link| !leads_somewhere(tree, path, link));
            findings.extend(
                dead.map(|link| Finding::new(path, number, format!("nothing is at {link}; mend the link"))),
            );
        }
    }
    findings
}

/// A finding for each of these parts (second headings) that a document lacks.
pub(super) fn missing_parts(path: &str, text: &str, parts: &[&str]) -> Vec<Finding> {
    let lacks = |part: &&&str| !text.lines().any(|line| line.strip_prefix("## ") == Some(**part));
    parts
        .iter()
        .filter(lacks)
        .map(|part| Finding::new(path, 1, format!("add the part `## {part}`")))
        .collect()
}

/// The targets of a line's inline links.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link)
}

fn leads_somewhere(tree: &Tree, document: &str, link: &str) -> bool {
    let path = link.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return true;
    }
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_some() => {}
            ".." => return false,
            _ => parts.push(part),
        }
    }
    tree.has(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_long_readme() {
        let tree = Tree::of(&[("README.md", &"\n".repeat(121)), ("docs/README.md", &"\n".repeat(121))]);
        assert_eq!(
            check(&tree).iter().map(|finding| finding.path.as_str()).collect::<Vec<_>>(),
            ["README.md"]
        );
    }

    #[test]
    fn refuses_a_link_that_leads_nowhere() {
        let text = "[a](b.md) [c](../README.md#start) [d](#d) [e](https://example.com/)\n[f](gone.md)";
        let tree = Tree::of(&[("docs/a.md", text), ("docs/b.md", ""), ("README.md", "[docs](docs/)")]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].remedy.as_str()), (2, "nothing is at gone.md; mend the link"));
    }
}
