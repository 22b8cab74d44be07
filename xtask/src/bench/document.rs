//! The place of the table in the document.

use std::fs;

use crate::{Checkout, Error};

const DOCUMENT: &str = "docs/performance.md";
/// Where the figures of stores in files begin.
pub(super) const IN_FILES: &str = "<!-- figures: cargo xtask bench --write -->";
/// Where those of stores on a PostgreSQL server begin.
pub(super) const ON_POSTGRES: &str = "<!-- figures: cargo xtask bench --postgres --write -->";
/// Where those of the server begin.
pub(super) const OVER_HTTP: &str = "<!-- figures: cargo xtask bench --http --write -->";
const END: &str = "<!-- end of figures -->";

/// Puts the table between two of the document's marks.
pub(super) fn write(checkout: &Checkout, begin: &str, table: &str) -> Result<(), Error> {
    let path = checkout.root().join(DOCUMENT);
    let unreadable = |source| Error::Unreadable { path: path.clone(), source };
    let document = fs::read_to_string(&path).map_err(unreadable)?;
    let written = replaced(&document, begin, table)
        .ok_or_else(|| Error::Report { what: format!("{DOCUMENT} lacks the lines {begin} and {END}") })?;
    fs::write(&path, written).map_err(|source| Error::Unwritable { path: path.clone(), source })
}

fn replaced(document: &str, begin: &str, table: &str) -> Option<String> {
    let (before, rest) = document.split_once(begin)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{begin}\n\n{}\n\n{END}{after}", table.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let document = format!("{IN_FILES}\nfirst\n{END}\n{ON_POSTGRES}\nold\n{END}\nafter\n");
        let once = replaced(&document, ON_POSTGRES, "new\n").expect("both marks are there");
        let expected = format!("{IN_FILES}\nfirst\n{END}\n{ON_POSTGRES}\n\nnew\n\n{END}\nafter\n");
        assert_eq!(once, expected);
        assert_eq!(replaced(&once, ON_POSTGRES, "new").as_deref(), Some(once.as_str()));
        assert_eq!(replaced("no marks", IN_FILES, "new"), None);
    }
}
