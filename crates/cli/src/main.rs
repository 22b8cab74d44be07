//! The binary `annals`; see the library for what it does.

/// Records, events and their texts are made on one thread and freed on another, of which the C library's allocator is
/// not fond.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    annals_cli::main()
}
