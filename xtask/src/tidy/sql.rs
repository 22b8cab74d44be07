//! SQL lies in files: statements under `queries/`, migrations under `migrations/`, none in Rust strings.
//!
//! Each file is named in exactly one place of its crate, either by `include_str!("…/queries/<name>.sql")` or in
//! the list of a macro whose file holds `include_str!(concat!("…/queries/", …))`. The constant of a statement has
//! the statement's name in capitals, so that whoever reads a function finds its statement, and whoever reads a
//! statement finds who runs it.

use super::Finding;
use super::tree::{Tree, stem};
use crate::rust_tokens::{Kind, Token, tokens, without_test_modules};

const QUERIES: &str = "/queries/";
const FOLDERS: &[&str] = &[QUERIES, "/migrations/"];

/// How statements begin, as against what is set up with `PRAGMA`.
const VERBS: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE ", "WITH "];

/// How a file includes statements: by their whole path, or by their names in a list.
struct Inclusion<'a> {
    path: &'a str,
    tokens: Vec<Token<'a>>,
    has_list: bool,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let inclusions: Vec<_> = tree.rust().filter_map(|(path, text)| inclusion(path, text)).collect();
    let mut findings: Vec<_> = tree.rust().flat_map(|(path, text)| in_code(path, text)).collect();
    for (path, _) in tree.files().filter(|(path, _)| path.ends_with(".sql")) {
        let Some((crate_folder, file)) = FOLDERS.iter().find_map(|folder| split(path, folder)) else {
            continue;
        };
        let mine = inclusions.iter().filter(|file| file.path.starts_with(&format!("{crate_folder}/")));
        let places: Vec<_> = mine.flat_map(|including| places(including, file)).collect();
        match places.as_slice() {
            [] => findings.push(Finding::new(path, 1, "nothing runs this file; include it or delete it")),
            [(including, line, constant)] if file.starts_with(QUERIES) => {
                findings.extend(misnamed(including, *line, *constant, stem(path)));
            }
            [_] => {}
            [_, (including, line, _), ..] => {
                let remedy = format!("{path} is included more than once; call the function that runs it");
                findings.push(Finding::new(including, *line, remedy));
            }
        }
    }
    findings
}

/// A path as its crate's folder, and the file from the folder for SQL on.
fn split<'a>(path: &'a str, folder: &str) -> Option<(&'a str, &'a str)> {
    let at = path.find(folder)?;
    Some((&path[..at], &path[at..]))
}

/// Statements in the strings of the product.
fn in_code(path: &str, text: &str) -> Vec<Finding> {
    if !path.contains("/src/") || path.starts_with("xtask/") {
        return Vec::new();
    }
    let tokens = without_test_modules(&tokens(text));
    let is_statement = |token: &&Token<'_>| matches!(token.kind, Kind::Text(text) if VERBS.iter().any(|verb| text.starts_with(verb)));
    let found = tokens.iter().filter(is_statement);
    found
        .map(|token| Finding::new(path, token.line, "put the statement into a file under queries/"))
        .collect()
}

fn inclusion<'a>(path: &'a str, text: &'a str) -> Option<Inclusion<'a>> {
    // Cheap, and true of nearly all files.
    if !FOLDERS.iter().any(|folder| text.contains(folder)) {
        return None;
    }
    let tokens = without_test_modules(&tokens(text));
    let has_list =
        tokens.iter().any(|token| matches!(token.kind, Kind::Text(text) if text.ends_with(QUERIES)));
    Some(Inclusion { path, tokens, has_list })
}

/// Where a file names one of SQL: the line, and the constant that it is given to.
fn places<'a>(file: &Inclusion<'a>, whole: &str) -> Vec<(&'a str, usize, Option<&'a str>)> {
    let in_list = file.has_list && whole.starts_with(QUERIES);
    let named = file.tokens.iter().enumerate().filter(
        |(_, token)| matches!(token.kind, Kind::Text(text) if text.ends_with(whole) || (in_list && text == stem(whole))),
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
        assert_eq!(remedies(LIST), ["nothing runs this file; include it or delete it"]);
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

    #[test]
    fn refuses_a_migration_that_nothing_runs_and_lets_its_constant_have_any_name() {
        let migration = ("crates/a/migrations/0001_log.sql", "CREATE TABLE a (b)");
        assert_eq!(check(&Tree::of(&[migration])).len(), 1);
        let including = r#"const SCHEMA: &str = include_str!("../migrations/0001_log.sql");"#;
        assert_eq!(check(&Tree::of(&[migration, ("crates/a/src/schema.rs", including)])), []);
    }

    #[test]
    fn refuses_a_statement_in_a_string_but_not_in_a_test() {
        let source = "fn f() {\n run(\"DELETE FROM events\") }\n#[cfg(test)] mod tests { fn g() { run(\"SELECT 1\") } }";
        let found = check(&Tree::of(&[("crates/a/src/a.rs", source)]));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }
}
