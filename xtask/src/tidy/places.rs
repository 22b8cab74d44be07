//! The repository knows no machine: no absolute path of somebody's computer and no package registry but
//! crates.io, which `Cargo.lock` names.

use super::Finding;
use super::tree::Tree;

/// Beginnings of paths on somebody's machine. Written in two parts so that this file passes its own check.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Configuration of registries and mirrors.
const REGISTRIES: &[&str] = &[
    concat!("regis", "try+"),
    concat!("spar", "se+"),
    concat!("index", "-url"),
    concat!("replace", "-with"),
    concat!("\"resol", "ved\": \"http"),
];

/// The only source that packages may have.
const CRATES_IO: &str = concat!("source = \"regis", "try+https://github.com/rust-lang/crates.io-index\"");

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        for (line, number) in text.lines().zip(1..) {
            if let Some(remedy) = remedy(path, line) {
                findings.push(Finding::new(path, number, remedy));
            }
        }
    }
    findings
}

fn remedy(path: &str, line: &str) -> Option<String> {
    if path.ends_with("Cargo.lock") {
        let foreign = line.starts_with("source = ") && line != CRATES_IO;
        return foreign.then(|| "take the package from crates.io".to_owned());
    }
    if let Some(machine) = MACHINE_PATHS.iter().find(|start| names_path(line, start)) {
        return Some(format!("{machine}… is a path of one machine; use a relative one or a variable"));
    }
    let registry = REGISTRIES.iter().find(|word| line.contains(**word))?;
    Some(format!("`{registry}` configures a registry; leave that to the user's own configuration"))
}

/// Whether a path starts like this, rather than having it in its middle, as `shared/work/` has.
fn names_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before
            .is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '.' | '_' | '-' | '}' | '~'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn refuses_paths_of_a_machine_but_not_relative_ones() {
        assert_eq!(lines("a.sh", &format!("cd {}main", MACHINE_PATHS[0])), [1]);
        assert_eq!(lines("a.md", &format!("ok\n(`{}me`)", MACHINE_PATHS[2])), [2]);
        assert_eq!(lines("a.sh", &format!("cd shared{0}main ..{0}x", MACHINE_PATHS[0])), [0; 0]);
    }

    #[test]
    fn refuses_a_package_that_is_not_from_crates_io() {
        let foreign = CRATES_IO.replace("github.com", "example.com");
        for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
            assert_eq!(lines(lock, &format!("{CRATES_IO}\n{foreign}\nsource = \"git+x\"")), [2, 3]);
        }
        assert_eq!(lines("web/package-lock.json", &format!(" {}s://x\"", REGISTRIES[4])), [1]);
    }
}
