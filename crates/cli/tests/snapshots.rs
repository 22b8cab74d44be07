//! What a person reads: every command's help, and the answers on a small store.
//!
//! `TRYCMD=overwrite cargo test -p annals-cli --test snapshots` writes them anew.

/// Cases in a world of their own: no configuration, no keys, no terminal of whoever runs them.
fn cases(home: &tempfile::TempDir) -> trycmd::TestCases {
    let folder = |name: &str| home.path().join(name).display().to_string();
    let cases = trycmd::TestCases::new();
    cases
        .env("HOME", folder("home"))
        .env("XDG_CONFIG_HOME", folder("config"))
        .env("XDG_STATE_HOME", folder("state"))
        .env("COLUMNS", "100");
    cases
}

#[test]
fn every_command_explains_itself() {
    let home = tempfile::tempdir().unwrap();
    cases(&home).case("tests/cmd/help/*.trycmd").run();
}

#[test]
fn answers_on_a_small_store_are_stable() {
    let home = tempfile::tempdir().unwrap();
    cases(&home).case("tests/cmd/session.trycmd").run();
}
