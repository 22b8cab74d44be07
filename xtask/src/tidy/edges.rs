//! Imports point down only. The table is the whole truth about which crate may use which; a crate that is
//! not in it may not exist. Tests may use any crate above their own in the table, and the conformance suite.

use serde_json::Value;

use super::Finding;
use super::tree::Tree;
use crate::{Checkout, Error};

/// Each crate, and the crates of this workspace that it may depend on. A crate stands below all it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("annals-failpoint", &[]),
    ("annals-event", &[]),
    ("annals-jq", &[]),
    ("annals-test-postgres", &[]),
    ("annals-tlog", &["annals-event"]),
    ("annals-store", &["annals-event", "annals-tlog"]),
    (SUITE, &["annals-event", "annals-tlog", "annals-store"]),
    ("annals-store-sqlite", &["annals-failpoint", "annals-event", "annals-tlog", "annals-store"]),
    ("annals-proof", &["annals-failpoint", "annals-event", "annals-tlog", "annals-store"]),
    ("annals-store-postgres", &["annals-event", "annals-tlog", "annals-store"]),
    ("annals-store-http", &["annals-event", "annals-tlog", "annals-store", "annals-proof"]),
    ("annals-history", &["annals-event", "annals-store", "annals-jq"]),
    ("annals-connect", &["annals-event", "annals-store", "annals-jq"]),
    ("annals-auth", &["annals-event", "annals-store"]),
    ("annals-demo", &["annals-event", "annals-store"]),
    (
        "annals",
        &[
            "annals-event",
            "annals-tlog",
            "annals-store",
            "annals-store-http",
            "annals-store-postgres",
            "annals-store-sqlite",
            "annals-proof",
            "annals-history",
            "annals-connect",
            "annals-jq",
        ],
    ),
    ("annals-benches", &["annals", "annals-connect", "annals-jq"]),
    ("annals-wire", &["annals", "annals-connect"]),
    ("annals-ui", &[]),
    ("annals-server", &["annals", "annals-connect", "annals-auth", "annals-wire", "annals-ui"]),
    (
        "annals-cli",
        &[
            "annals",
            "annals-auth",
            "annals-demo",
            "annals-server",
            "annals-benches",
            "annals-event",
            "annals-tlog",
            "annals-store",
            "annals-store-sqlite",
            "annals-proof",
            "annals-history",
            "annals-connect",
            "annals-jq",
            "annals-wire",
            "annals-ui",
        ],
    ),
    (
        "annals-fuzz-targets",
        &[
            "annals-event",
            "annals-tlog",
            "annals-store",
            "annals-store-sqlite",
            "annals-proof",
            "annals-history",
            "annals-connect",
            "annals-jq",
            "annals-cli",
        ],
    ),
    (
        "annals-durability",
        &[
            "annals",
            "annals-failpoint",
            "annals-event",
            "annals-tlog",
            "annals-store",
            "annals-store-sqlite",
            "annals-proof",
        ],
    ),
    (PRELOADED, &[]),
    ("xtask", &[]),
];

/// The suite that every store's tests run.
const SUITE: &str = "annals-store-conformance";

/// The one crate that takes the place of the C library's functions, which no safe code can: its own lints say so.
const PRELOADED: &str = "annals-unreliable-disk";

/// A member of the workspace.
#[derive(Debug)]
pub(super) struct Package {
    name: String,
    /// Relative to the root of the checkout.
    manifest: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug)]
struct Dependency {
    name: String,
    /// `None` for an ordinary one, otherwise `dev` or `build`.
    kind: Option<String>,
}

/// The members of the workspace, from `cargo metadata`.
pub(super) fn packages(checkout: &Checkout) -> Result<Vec<Package>, Error> {
    let root = format!("{}/", checkout.root().display());
    let packages = array(checkout.metadata(), "packages")?;
    packages.iter().map(|package| parse(package, &root)).collect()
}

fn parse(package: &Value, root: &str) -> Result<Package, Error> {
    let manifest = text(package, "manifest_path")?.replace('\\', "/");
    let dependencies = array(package, "dependencies")?.iter().map(|dependency| {
        let kind = dependency["kind"].as_str().map(str::to_owned);
        Ok(Dependency { name: text(dependency, "name")?, kind })
    });
    Ok(Package {
        name: text(package, "name")?,
        manifest: manifest.strip_prefix(root).unwrap_or(&manifest).to_owned(),
        dependencies: dependencies.collect::<Result<_, Error>>()?,
    })
}

fn text(value: &Value, member: &str) -> Result<String, Error> {
    let found = value[member].as_str().map(str::to_owned);
    found.ok_or_else(|| Error::Metadata { what: format!("no text {member}") })
}

fn array<'a>(value: &'a Value, member: &str) -> Result<&'a Vec<Value>, Error> {
    value[member].as_array().ok_or_else(|| Error::Metadata { what: format!("no list {member}") })
}

pub(super) fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(|package| check_package(tree, package)).collect()
}

fn check_package(tree: &Tree, package: &Package) -> Vec<Finding> {
    let manifest = package.manifest.as_str();
    let Some(rank) = ALLOWED.iter().position(|(name, _)| *name == package.name) else {
        let remedy = format!(
            "the crate {} is not in the table of allowed edges; enter it in xtask/src/tidy/edges.rs, below \
             all it uses, and in ARCHITECTURE.md",
            package.name
        );
        return vec![Finding::new(manifest, line_of(tree, manifest, &package.name), remedy)];
    };
    let mut findings = Vec::new();
    if !in_its_folder(package) {
        let remedy = "a crate is named after its folder, with the prefix annals-: rename one of them";
        findings.push(Finding::new(manifest, line_of(tree, manifest, &package.name), remedy));
    }
    let shares_lints = tree.text(manifest).is_some_and(|text| text.contains("[lints]\nworkspace = true"));
    if !shares_lints && package.name != PRELOADED {
        findings.push(Finding::new(
            manifest,
            1,
            "add `[lints]` with `workspace = true`: all crates share one set",
        ));
    }
    for dependency in &package.dependencies {
        if let Some(remedy) = forbidden(rank, dependency) {
            findings.push(Finding::new(manifest, line_of(tree, manifest, &dependency.name), remedy));
        }
    }
    findings
}

fn in_its_folder(package: &Package) -> bool {
    let folder = package.manifest.trim_end_matches("/Cargo.toml").rsplit('/').next().unwrap_or_default();
    folder == package.name || package.name.strip_prefix("annals-") == Some(folder)
}

fn forbidden(rank: usize, dependency: &Dependency) -> Option<String> {
    let (name, allowed) = ALLOWED[rank];
    let used = dependency.name.as_str();
    let used_rank = ALLOWED.iter().position(|(name, _)| *name == used)?;
    if dependency.kind.as_deref() == Some("dev") {
        let fine = used_rank < rank || used == SUITE;
        return (!fine).then(|| {
            format!(
                "the tests of {name} may not use {used}, which stands above it; move the test up to {used}"
            )
        });
    }
    (!allowed.contains(&used)).then(|| {
        format!(
            "{name} may not use {used}; imports point down only: move the code, or, if the design changed, the \
             table in xtask/src/tidy/edges.rs with a decision record"
        )
    })
}

fn line_of(tree: &Tree, manifest: &str, word: &str) -> usize {
    let lines = tree.text(manifest).unwrap_or_default().lines();
    let found = lines.zip(1..).find(|(line, _)| {
        line.split(|next: char| !next.is_alphanumeric() && next != '-').any(|part| part == word)
    });
    found.map_or(1, |(_, line)| line)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MANIFEST: &str =
        "[package]\n[lints]\nworkspace = true\n[dependencies]\nannals-store.workspace = true";

    fn findings(name: &str, dependencies: &Value) -> Vec<Finding> {
        let folder = name.strip_prefix("annals-").unwrap_or(name);
        let manifest = format!("crates/{folder}/Cargo.toml");
        let tree = Tree::of(&[(&manifest, MANIFEST)]);
        let package =
            json!({"name": name, "manifest_path": format!("/x/{manifest}"), "dependencies": dependencies});
        check(&tree, &[parse(&package, "/x/").expect("well-formed metadata")])
    }

    #[test]
    fn refuses_an_import_that_points_up_and_names_its_line() {
        let found = findings("annals-event", &json!([{"name": "annals-store", "kind": null}]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/event/Cargo.toml", 5));
        assert!(found[0].remedy.contains("may not use annals-store"));
    }

    #[test]
    fn lets_tests_use_what_stands_below_and_the_suite_but_nothing_above() {
        let fine = json!([{"name": "annals-jq", "kind": "dev"}, {"name": SUITE, "kind": "dev"}]);
        assert_eq!(findings("annals-tlog", &fine), []);
        assert_eq!(findings("annals-tlog", &json!([{"name": "annals-proof", "kind": "dev"}])).len(), 1);
    }

    #[test]
    fn lets_crates_use_what_the_table_allows_and_anything_foreign() {
        let fine = json!([{"name": "annals-event", "kind": null}, {"name": "serde", "kind": null}]);
        assert_eq!(findings("annals-store", &fine), []);
    }

    #[test]
    fn refuses_a_crate_that_is_not_in_the_table() {
        assert!(findings("annals-util", &json!([]))[0].remedy.contains("not in the table"));
    }

    #[test]
    fn refuses_a_folder_of_another_name_and_lints_of_its_own() {
        let tree = Tree::of(&[("crates/b/Cargo.toml", "[package]\nname = \"annals-event\"")]);
        let package = Package {
            name: "annals-event".to_owned(),
            manifest: "crates/b/Cargo.toml".to_owned(),
            dependencies: Vec::new(),
        };
        let lines: Vec<_> = check(&tree, &[package]).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 1]);
    }

    #[test]
    fn the_table_itself_points_down() {
        for (rank, (name, allowed)) in ALLOWED.iter().enumerate() {
            for used in *allowed {
                let below = ALLOWED[..rank].iter().any(|(earlier, _)| earlier == used);
                assert!(below, "{name} stands above {used}");
            }
        }
    }
}
