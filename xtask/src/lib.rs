//! The project's automation, called as `cargo xtask <command>`.
//!
//! `tidy` checks what the compiler cannot: which crate may use which, lengths, words, the pairing of SQL files
//! with code and of error codes with their pages. `test` sets up what the tests need and runs them all. `bench`
//! measures the store beside its floors; `platforms` compiles for other operating systems; `ui` builds the
//! pages that go into the binary; `demo` builds both and starts its demonstration; `package` packs both.
//!
//! It is *not* part of the product: nothing that Annals ships depends on it, and it holds no build steps that
//! `cargo build` would miss.

pub mod bench;
mod browser;
mod checkout;
pub mod demo;
mod error;
pub mod package;
pub mod platforms;
mod process;
mod python;
mod rust_tokens;
pub mod testing;
pub mod tidy;
pub mod ui;

pub use checkout::Checkout;
pub use error::Error;
