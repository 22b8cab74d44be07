//! The process that is going to be killed: `annals-durability-victim PLACE SEED ROUNDS PAYLOAD_BYTES`.

use std::process::ExitCode;

fn main() -> ExitCode {
    annals_durability::be_victim(std::env::args().skip(1))
}
