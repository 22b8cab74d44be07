//! Annals over HTTP: an audit API over logs that are open.
//!
//! A [`Server`] answers under `/v1` for the log `main` and under `/v1/logs/{log}` for every log it serves, and publishes
//! their checkpoints and tiles. It asks the same questions as the command line and gives the same JSON, which is that of
//! `annals-wire`; errors are `application/problem+json` with the stable codes of `docs/errors`.
//!
//! What this crate is *not*: it opens no log and no file, but for exports, which it keeps for a while where nobody else finds
//! them; it reads no configuration, and makes no key. Whoever starts it hands it open logs and says who may ask
//! ([`ServerOptions`]); when it has stopped, it has closed them.

mod access;
mod answer;
mod connection;
mod cross_origin;
mod error;
mod guard;
mod jobs;
mod live;
mod logs;
mod openapi;
mod options;
mod parameters;
mod problem;
mod rates;
mod request_id;
mod routes;
mod security_headers;
mod server;
mod state;
mod tag_counts;
mod telemetry;
mod time_limit;
mod tls;

pub use access::LOG as ACCESS_LOG;
pub use cross_origin::SiteOrigin;
pub use error::ServerError;
pub use live::ServerControl;
pub use logs::ServedLog;
pub use options::{AccessRecording, Publication, RequestLimits, ServerOptions};
pub use rates::{Rate, RateLimits};
pub use server::Server;
pub use telemetry::{TraceExport, TraceOptions};
pub use tls::TlsIdentity;
