//! The one suite that every store passes: one list of cases, and one random history that a store and the
//! in-memory model must answer alike.
//!
//! A store's whole test file is its constructor:
//!
//! ```text
//! async fn fresh(setup: Setup) -> Fresh { /* opens an empty store with the setup's clock and chance */ }
//! annals_store_conformance::suite!(fresh);
//! ```
//!
//! There is no store here, and no case knows which store it is run on: what only one store does (its
//! files, its tables, its crashes) is tested beside that store.

mod build;
mod cases;
mod fixture;
pub mod model;
mod run;
mod setup;

pub use cases::listed;
pub use fixture::Fixture;
pub use run::{Case, run};
pub use setup::{SeededRandomness, Setup, TestClock, TestStore};
