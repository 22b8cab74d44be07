//! Prints the URL of the server that tests share, and keeps it running until standard input ends: for tests that are no
//! Rust.

// Elsewhere there is no such server.
#[cfg(unix)]
fn main() -> std::io::Result<()> {
    println!("{}", annals_test_postgres::shared_server());
    std::io::stdin().lines().try_for_each(|line| line.map(drop))
}

#[cfg(not(unix))]
fn main() {}
