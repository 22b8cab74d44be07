//! What the compiler cannot check. Each check is a small file with its rule on top; it sees the tracked files
//! as texts, so that its test can give it a small tree that breaks the rule.

mod commands;
mod documents;
mod edges;
mod error_pages;
mod finding;
mod lengths;
mod places;
mod records;
mod sql;
mod tree;
mod words;

pub use finding::{Finding, Report};

use crate::{Checkout, Error};
use tree::Tree;

/// Checks the whole checkout.
///
/// # Errors
///
/// If the files cannot be read. What the checks find is in the report.
pub fn check(checkout: &Checkout) -> Result<Report, Error> {
    let tree = Tree::read(checkout)?;
    let mut findings = edges::check(&tree, &edges::packages(checkout)?);
    findings.extend(lengths::check(&tree));
    findings.extend(words::check(&tree));
    findings.extend(sql::check(&tree));
    findings.extend(error_pages::check(&tree));
    findings.extend(records::check(&tree));
    findings.extend(documents::check(&tree));
    findings.extend(commands::check(&tree));
    findings.extend(places::check(&tree));
    findings.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    Ok(Report { findings, files: tree.len(), long_files: lengths::long_files(&tree) })
}
