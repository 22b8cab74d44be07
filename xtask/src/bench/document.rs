//! The place of the table in the document.

use std::fs;

use crate::{Checkout, Error};

const DOCUMENT: &str = "docs/performance.md";
const BEGIN: &str = "<!-- figures: cargo xtask bench --write -->";
const END: &str = "<!-- end of figures -->";

/// Puts the table between the document's marks.
pub(super) fn write(checkout: &Checkout, table: &str) -> Result<(), Error> {
    let path = checkout.root().join(DOCUMENT);
    let unreadable = |source| Error::Unreadable { path: path.clone(), source };
    let document = fs::read_to_string(&path).map_err(unreadable)?;
    let written = replaced(&document, table)
        .ok_or_else(|| Error::Report { what: format!("{DOCUMENT} lacks the lines {BEGIN} and {END}") })?;
    fs::write(&path, written).map_err(|source| Error::Unwritable { path: path.clone(), source })
}

fn replaced(document: &str, table: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", table.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let once = replaced(&document, "new\n").expect("both marks are there");
        assert_eq!(once, format!("before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"));
        assert_eq!(replaced(&once, "new").as_deref(), Some(once.as_str()));
        assert_eq!(replaced("no marks", "new"), None);
    }
}
