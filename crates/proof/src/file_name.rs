//! Names of files that belong to a log.

use std::fmt::Write;

use annals_tlog::Origin;
use sha2::{Digest, Sha256};

/// Leaves room for a suffix within the 255 bytes that file systems allow.
const NAME_LEN_MAX: usize = 200;

/// How much of a name that is too long stays readable before its hash.
const READABLE_LEN: usize = 120;

/// The origin as a file name: letters, digits, `-`, `_` and inner dots stay, every other byte becomes `%XX`.
///
/// Different origins have different names, except that file systems which ignore case may take two for one;
/// that is why the files themselves name the origin as well.
pub(crate) fn of_origin(origin: &Origin) -> String {
    let mut name = String::with_capacity(origin.as_str().len());
    for (at, byte) in origin.as_str().bytes().enumerate() {
        let is_plain =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (byte == b'.' && at > 0);
        if is_plain {
            name.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    if name.len() <= NAME_LEN_MAX { name } else { shortened(&name, origin) }
}

/// A name that is too long ends in the hash of its origin instead. No other name holds a `~`.
fn shortened(name: &str, origin: &Origin) -> String {
    let mut short = name.get(..READABLE_LEN).unwrap_or(name).to_owned();
    short.push('~');
    for byte in Sha256::digest(origin.as_str()) {
        let _ = write!(short, "{byte:02x}");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(origin: &str) -> String {
        of_origin(&origin.parse().unwrap())
    }

    #[test]
    fn a_slash_cannot_lead_to_another_folder() {
        assert_eq!(name("example.com/log42"), "example.com%2Flog42");
        assert_eq!(name("../x"), "%2E.%2Fx");
        assert_eq!(name("é"), "%C3%A9");
    }

    #[test]
    fn long_origins_have_short_names_that_differ() {
        let (one, other) = (name(&"é".repeat(120)), name(&format!("{}e", "é".repeat(119))));
        assert!(one.len() <= NAME_LEN_MAX && one != other, "{one} {other}");
    }
}
