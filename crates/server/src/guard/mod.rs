//! Who asks, and whether she may.

mod caller;
mod host;

pub(crate) use caller::{identify, read_scope};
pub(crate) use host::must_be_this_machine;
