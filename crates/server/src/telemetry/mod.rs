//! What whoever runs the server sees of it: numbers for Prometheus, and a span with the request's id around everything that
//! is logged while it is answered, which a collector of traces may be told.

mod correlation;
mod export;
mod labels;
mod measure;
mod metrics;
mod scrape;
mod trace_context;

pub(crate) use correlation::correlate;
pub use export::{TraceExport, TraceOptions};
pub(crate) use measure::{AppendedEvents, measure};
pub(crate) use metrics::{FeedsOpen, Metrics};
pub(crate) use scrape::{Scraped, scrape};
pub(crate) use trace_context::trace_context;

/// Under this name it is told what a step of answering a request takes, which only those want to know who trace.
pub(crate) const STEPS: &str = "annals_server::steps";
