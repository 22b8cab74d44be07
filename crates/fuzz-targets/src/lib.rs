//! What must be true of whatever bytes come from outside.
//!
//! Each target takes any bytes, gives them to the crates that read such bytes, and panics when one of them panics
//! or says something untrue: a text that is accepted and is no JSON, a note that is not printed as it was parsed, a
//! forged receipt that verifies. libFuzzer looks for such bytes (`fuzz/` at the root of the repository), and the
//! tests of this crate replay the inputs that are kept, so that nothing that was found comes back.
//!
//! What this crate is *not*: it holds no logic of its own but the oracles, which are as plain as can be or somebody
//! else's code. Everything in it may panic.

mod choices;
mod configuration;
mod filters;
mod history;
mod import;
mod jq;
mod json_object;
mod json_oracle;
mod mapping;
mod names;
mod notes;
mod proofs;
mod query;
mod receipts;
mod records;
mod schema;
mod tiles;

/// A target: it panics on bytes that show a mistake.
pub type Target = fn(&[u8]);

/// Every target, by the name of its file in `fuzz/fuzz_targets` and of its folder in `fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("configuration", configuration::check),
    ("filters", filters::check),
    ("history", history::check),
    ("import", import::check),
    ("jq_program", jq::check_program),
    ("jq_record", jq::check_record),
    ("json_object", json_object::check),
    ("mapping", mapping::check),
    ("names", names::check),
    ("notes", notes::check),
    ("proofs", proofs::check),
    ("query", query::check),
    ("receipts", receipts::check),
    ("records", records::check),
    ("schema", schema::check),
    ("tiles", tiles::check),
];

/// Runs one target on one input.
///
/// # Panics
/// When the input shows a mistake, and when there is no such target.
pub fn run(target: &str, input: &[u8]) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("the target is in the table");
    check(input);
}
