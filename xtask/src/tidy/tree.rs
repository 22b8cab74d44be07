use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Checkout, Error};

/// Endings of what people write here.
const SOURCES: &[&str] = &[".rs", ".sql", ".md", ".toml"];

/// The texts of all tracked files, by their path relative to the root, with `/` between the parts.
#[derive(Debug, Default)]
pub(super) struct Tree {
    texts: BTreeMap<String, String>,
    /// The paths of what is no text, such as pictures.
    others: BTreeSet<String>,
}

impl Tree {
    /// Reads what belongs to the project as git sees it; without git, as in an unpacked archive, whatever lies there.
    pub(super) fn read(checkout: &Checkout) -> Result<Self, Error> {
        let root = checkout.root();
        let paths = match tracked(root) {
            Some(paths) => paths,
            None => lying_there(root)?,
        };
        let (mut texts, mut others) = (BTreeMap::new(), BTreeSet::new());
        for path in paths {
            let full = root.join(&path);
            // A tracked file that was just deleted, or is a link to a folder, has no text to check.
            if !full.is_file() {
                continue;
            }
            let bytes = fs::read(&full).map_err(|source| Error::Unreadable { path: full, source })?;
            // What is not text has no lines to check, and may be linked to.
            match String::from_utf8(bytes) {
                Ok(text) => drop(texts.insert(path, text)),
                Err(_) => drop(others.insert(path)),
            }
        }
        Ok(Self { texts, others })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let texts = files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned()));
        Self { texts: texts.collect(), others: BTreeSet::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Paths and texts in the order of the paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust sources.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// Whether something lies at this path, be it a file or a folder.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.texts.contains_key(path)
            || self.others.contains(path)
            || self.texts.keys().any(|known| known.starts_with(&folder))
    }
}

/// The name of a file without its folder and its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// What git tracks, and sources that are not added yet; other files that lie about, such as a store that was
/// made to try something, are nobody's business.
fn tracked(root: &Path) -> Option<Vec<String>> {
    let mut paths = listed_by_git(root, &["--cached"])?;
    let others = listed_by_git(root, &["--others", "--exclude-standard"])?;
    let is_source = |path: &String| SOURCES.iter().any(|ending| path.ends_with(ending));
    paths.extend(others.into_iter().filter(is_source));
    Some(paths)
}

fn listed_by_git(root: &Path, which: &[&str]) -> Option<Vec<String>> {
    let output = Command::new("git").current_dir(root).args(["ls-files", "-z"]).args(which).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let list = String::from_utf8(output.stdout).ok()?;
    Some(list.split_terminator('\0').map(str::to_owned).collect())
}

fn lying_there(root: &Path) -> Result<Vec<String>, Error> {
    let mut folders = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !matches!(&*name, "target" | "node_modules" | ".git") {
                    folders.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(unreadable))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_archive_without_git_and_leaves_out_what_is_built() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in [("a/b.rs", "b"), ("target/c.rs", "c"), ("d.md", "d")] {
            let full = folder.path().join(path);
            fs::create_dir_all(full.parent().expect("it has one")).expect("a folder");
            fs::write(full, text).expect("a file");
        }
        let mut found = lying_there(folder.path()).expect("it can be read");
        found.sort();
        assert_eq!(found, ["a/b.rs", "d.md"]);
    }

    #[test]
    fn knows_folders_by_what_lies_in_them() {
        let tree = Tree::of(&[("docs/adr/0001.md", "")]);
        assert!(tree.has("docs/adr") && tree.has("docs/adr/") && !tree.has("docs/ad"));
    }
}
