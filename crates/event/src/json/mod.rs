//! JSON text kept as it was written, in the I-JSON profile (RFC 7493), and the few questions asked of it.

mod decimal;
mod object;
mod pointer;
mod problem;
mod scanner;
mod text;
mod value;

pub use decimal::Decimal;
pub use object::JsonObject;
pub use pointer::JsonPointer;
pub use problem::{InvalidJson, JsonProblem};
pub use text::write_json_string;
pub use value::json_value;
