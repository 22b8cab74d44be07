//! The way to the server: where it is, whom to believe, one connection, and a pool of them.

mod connector;
mod location;
mod pool;
mod session;
mod tls;

pub use location::{InvalidLocation, PostgresLocation};

pub(crate) use connector::Connector;
pub(crate) use pool::{Pool, Pooled};
pub(crate) use session::{Parameters, Session};
