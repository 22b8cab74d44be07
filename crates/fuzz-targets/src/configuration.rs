//! The configuration file: what is understood is written so that it is understood alike.

use annals_cli::fuzzing::configuration;

pub(crate) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match configuration(text) {
        Ok(written) => assert_eq!(configuration(&written).as_ref(), Ok(&written)),
        Err(told) => assert!(!told.is_empty()),
    }
}
