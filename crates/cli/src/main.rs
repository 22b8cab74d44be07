//! The binary `annals`; see the library for what it does.

fn main() -> std::process::ExitCode {
    annals_cli::main()
}
