use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Registry, fmt};

use crate::config::{LogForm, LoggingConfig};

/// Under this name the server logs that a request was answered.
const REQUESTS: &str = "annals_server::requests";

/// Has everything that is logged told on standard error as is configured. Of what others do, only what is worth a warning.
pub(super) fn begin(config: &LoggingConfig) {
    let requests = if config.requests { LevelFilter::INFO } else { LevelFilter::OFF };
    let told = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("annals", LevelFilter::INFO)
        .with_target(REQUESTS, requests);
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match config.format {
        LogForm::Text => lines.boxed(),
        LogForm::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    Registry::default().with(lines.with_filter(told)).init();
}
