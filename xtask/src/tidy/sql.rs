//! Statements lie in `.sql` files under `queries/`, and each is named in exactly one place of its crate, either
//! by `include_str!("…/queries/<name>.sql")` or in the list of a macro whose file holds
//! `include_str!(concat!("…/queries/", …))`. The constant beside the name is the name in capitals, so that
//! whoever reads a function finds its statement, and whoever reads a statement finds who runs it.

use super::Finding;
use super::tree::{Tree, stem};
use crate::rust_tokens::{Kind, Token, tokens, without_test_modules};

/// How a file includes statements: by their whole path, or by their names in a list.
struct Inclusion<'a> {
    path: &'a str,
    tokens: Vec<Token<'a>>,
    has_list: bool,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let inclusions: Vec<_> = tree.rust().filter_map(|(path, text)| inclusion(path, text)).collect();
    let statements = tree.files().filter(|(path, _)| path.ends_with(".sql") && path.contains("/queries/"));
    let mut findings = Vec::new();
    for (path, _) in statements {
        let crate_folder = path.split("/queries/").next().unwrap_or_default();
        let mine = inclusions.iter().filter(|file| file.path.starts_with(&format!("{crate_folder}/")));
        let places: Vec<_> = mine.flat_map(|file| places(file, stem(path))).collect();
        match places.as_slice() {
            [] => {
                findings.push(Finding::new(path, 1, "nothing runs this statement; include it or delete it"))
            }
            [(file, line, constant)] => findings.extend(misnamed(file, *line, *constant, stem(path))),
            [_, (file, line, _), ..] => {
                let remedy = format!("{path} is included more than once; call the function that runs it");
                findings.push(Finding::new(file, *line, remedy));
            }
        }
    }
    findings
}

fn inclusion<'a>(path: &'a str, text: &'a str) -> Option<Inclusion<'a>> {
    // Cheap, and true of nearly all files.
    if !text.contains("queries/") {
        return None;
    }
    let tokens = without_test_modules(&tokens(text));
    let has_list =
        tokens.iter().any(|token| matches!(token.kind, Kind::Text(text) if text.ends_with("/queries/")));
    Some(Inclusion { path, tokens, has_list })
}

/// Where a file names a statement: the line, and the constant that it is given to.
fn places<'a>(file: &Inclusion<'a>, name: &str) -> Vec<(&'a str, usize, Option<&'a str>)> {
    let whole = format!("/queries/{name}.sql");
    let named = file.tokens.iter().enumerate().filter(
        |(_, token)| matches!(token.kind, Kind::Text(text) if text.ends_with(&whole) || (file.has_list && text == name)),
    );
    named.map(|(at, token)| (file.path, token.line, constant_before(&file.tokens[..at]))).collect()
}

/// The last word in capitals on the way to a statement, if the declaration of a constant leads there.
fn constant_before<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    let declaration =
        tokens.iter().rev().take_while(|token| !matches!(token.kind, Kind::Mark(';' | ',' | '{')));
    declaration.into_iter().find_map(|token| match token.kind {
        Kind::Word(word) if word.len() > 1 && word.chars().all(|letter| !letter.is_lowercase()) => Some(word),
        _ => None,
    })
}

fn misnamed(file: &str, line: usize, constant: Option<&str>, name: &str) -> Option<Finding> {
    let constant = constant?;
    (constant != name.to_uppercase()).then(|| {
        let remedy = format!("the constant {constant} holds the statement {name}; give both the same name");
        Finding::new(file, line, remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: (&str, &str) = ("crates/a/queries/read_head.sql", "SELECT 1");
    const LIST: &str = r#"macro_rules! m { ($n:ident: $f:literal) => { const $n: &str = include_str!(concat!("../queries/", $f, ".sql")); } }"#;

    fn remedies(source: &str) -> Vec<String> {
        let tree = Tree::of(&[QUERY, ("crates/a/src/sql.rs", source)]);
        check(&tree).into_iter().map(|finding| finding.remedy).collect()
    }

    #[test]
    fn accepts_a_statement_included_once_by_path_or_by_list() {
        assert_eq!(remedies(r#"const READ_HEAD: &str = include_str!("../queries/read_head.sql");"#), [""; 0]);
        assert_eq!(remedies(&format!("{LIST} m! {{ READ_HEAD: \"read_head\", }}")), [""; 0]);
        assert_eq!(remedies(r#"fn f() { run(include_str!("../queries/read_head.sql")) }"#), [""; 0]);
    }

    #[test]
    fn refuses_a_statement_that_nothing_runs_even_if_another_crate_has_one_of_its_name() {
        assert_eq!(remedies(LIST), ["nothing runs this statement; include it or delete it"]);
        let other = r#"const READ_HEAD: &str = include_str!("../queries/read_head.sql");"#;
        let tree = Tree::of(&[QUERY, ("crates/b/src/sql.rs", other)]);
        assert_eq!(check(&tree).len(), 1);
    }

    #[test]
    fn refuses_a_statement_included_twice_or_under_another_name() {
        let list = format!("{LIST} m! {{ READ_HEAD: \"read_head\",\n READ_HEAD: \"read_head\", }}");
        assert!(remedies(&list)[0].contains("more than once"));
        let other = r#"const HEAD: &str = include_str!("../queries/read_head.sql");"#;
        assert!(remedies(other)[0].contains("the constant HEAD holds the statement read_head"));
    }
}
