//! Who asks, and whether she may.

mod caller;
mod challenge;
mod host;
mod matrix;

pub(crate) use caller::{admit, cookie, credential, read_scope, session};
pub(crate) use challenge::challenge;
pub(crate) use host::must_be_this_machine;
#[cfg(test)]
pub(crate) use matrix::MATRIX;
