//! One command from a checkout to a running log: builds the binary as it is shipped, and starts its demonstration.

use std::process::Command;

use crate::package::release_binary;
use crate::{Checkout, Error, process, ui};

/// Builds the web UI, if that is possible here, and `annals`; then lets it run `annals demo` with these arguments, in the
/// current folder.
///
/// # Errors
/// The build that fails, or the demonstration.
pub fn demo(checkout: &Checkout, arguments: &[&str]) -> Result<(), Error> {
    match ui::build(checkout) {
        Err(missing @ Error::NoNode { .. }) => println!("{missing}.\n"),
        built => built?,
    }
    let annals = release_binary(checkout)?;
    process::become_program(Command::new(annals).arg("demo").args(arguments))
}
