use annals_server::TraceExport;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Registry, fmt};

use crate::config::{LogForm, ServerConfig};
use crate::failure::Failure;

/// Under this name the server logs that a request was answered.
const REQUESTS: &str = "annals_server::requests";

/// And under this one the steps of that, for traces.
const STEPS: &str = "annals_server::steps";

/// Has everything that is logged told on standard error as is configured, and traces to a collector where there is one. Of
/// what others do, only what is worth a warning.
///
/// # Errors
/// [`Failure::Server`] when traces cannot be told as is configured.
pub(super) fn begin(config: &ServerConfig) -> Result<Option<TraceExport>, Failure> {
    let requests = if config.logging.requests { LevelFilter::INFO } else { LevelFilter::OFF };
    let told = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("annals", LevelFilter::INFO)
        .with_target(REQUESTS, requests)
        .with_target(STEPS, LevelFilter::OFF);
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match config.logging.format {
        LogForm::Text => lines.boxed(),
        LogForm::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    let traces = config.traces.options()?.map(|options| TraceExport::begin(&options)).transpose()?;
    let layer = traces.as_ref().map(TraceExport::layer);
    Registry::default().with(lines.with_filter(told)).with(layer).init();
    Ok(traces)
}
