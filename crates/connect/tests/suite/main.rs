//! Imports into the store of the reference model.

mod annals_form;
mod dead_letters;
mod repeating;
mod support;
