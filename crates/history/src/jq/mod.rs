//! Reducers and upcasters in jq, and the processes that run them.

mod reducer;
mod upcaster;
mod workers;

pub use reducer::JqReducer;
pub use upcaster::Upcaster;
pub use workers::JqOptions;
pub(crate) use workers::Workers;
