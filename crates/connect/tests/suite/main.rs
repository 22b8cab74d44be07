//! Imports into the store of the reference model.

mod annals_form;
mod dead_letters;
mod jq;
mod presets;
mod repeating;
mod schemas;
mod sources;
mod stopping;
mod support;
mod unusable_schemas;
