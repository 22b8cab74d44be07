//! How fast the past is, and what it takes: `cargo bench -p annals-history`, or with the names of some parts,
//! `cargo bench -p annals-history -- folding memory`.
//!
//! What is compared is measured in one run on the same log, in turns. The machine should have nothing else to do.

mod appending;
mod folding;
mod logs;
mod many;
mod memory;
mod timing;

use logs::Outcome;

/// Memory is allocated as in the program `annals`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Outcome<()> {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [logs::WORKER] => return Ok(annals_jq::worker_main(std::io::stdin(), std::io::stdout())?),
        [memory::CHILD, rest @ ..] => return memory::answer(rest).await,
        _ => {}
    }
    let is_wanted = |part: &str| args.is_empty() || args.iter().any(|arg| arg == part);
    if is_wanted("folding") {
        folding::run().await?;
    }
    if is_wanted("many") {
        many::run().await?;
    }
    if is_wanted("appending") {
        appending::run().await?;
    }
    if is_wanted("memory") {
        memory::run().await?;
    }
    Ok(())
}
