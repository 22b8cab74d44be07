use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::labels::{CodeLabels, JobLabels, LogLabels, RequestLabels, RouteLabels};

/// From a quarter of a millisecond to eight seconds, each twice the one before.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 16))
}

/// From one event to 32,768, each four times the one before.
fn events() -> Histogram {
    Histogram::new(exponential_buckets(1.0, 4.0, 9))
}

/// The numbers of one server.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    append_seconds: Histogram,
    append_events: Histogram,
    appends_refused: Family<CodeLabels, Counter>,
    feeds: Gauge,
    pub(super) log_events: Family<LogLabels, Gauge>,
    pub(super) unsigned_events: Family<LogLabels, Gauge>,
    pub(super) unsigned_micros: Family<LogLabels, Gauge>,
    pub(super) cache_hits: Family<LogLabels, Counter>,
    pub(super) cache_misses: Family<LogLabels, Counter>,
    pub(super) jobs_running: Family<JobLabels, Gauge>,
    pub(super) access_waiting: Gauge,
    pub(super) access_unrecorded: Counter,
}

/// A feed while it is open.
pub(crate) struct FeedsOpen(Gauge);

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("annals"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            append_seconds: seconds(),
            append_events: events(),
            appends_refused: Family::default(),
            feeds: Gauge::default(),
            log_events: Family::default(),
            unsigned_events: Family::default(),
            unsigned_micros: Family::default(),
            cache_hits: Family::default(),
            cache_misses: Family::default(),
            jobs_running: Family::default(),
            access_waiting: Gauge::default(),
            access_unrecorded: Counter::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    /// Gives each number its name and says what it is. Counters get the suffix `_total` by themselves.
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("requests", "Requests that were answered", self.requests.clone());
        let what = "Seconds until an answer began";
        registry.register("request_seconds", what, self.request_seconds.clone());
        let what = "Seconds until an append was on disk and answered";
        registry.register("append_seconds", what, self.append_seconds.clone());
        let what = "Events of the appends of a request that was accepted";
        registry.register("append_events", what, self.append_events.clone());
        let what = "Requests to append that were refused, conflicts among them, by code";
        registry.register("appends_refused", what, self.appends_refused.clone());
        registry.register("feeds", "Feeds that are open", self.feeds.clone());
        registry.register("log_events", "Events in a log", self.log_events.clone());
        let what = "Events that no signed checkpoint covers yet";
        registry.register("log_unsigned_events", what, self.unsigned_events.clone());
        let what = "Microseconds since the first event was recorded that no signed checkpoint covers; 0 where there is none";
        registry.register("log_unsigned_microseconds", what, self.unsigned_micros.clone());
        registry.register("history_cache_hits", "States that the cache knew", self.cache_hits.clone());
        registry.register("history_cache_misses", "States that it did not know", self.cache_misses.clone());
        registry.register("jobs_running", "Exports and verifications under way", self.jobs_running.clone());
        let what = "Accesses that wait for being recorded";
        registry.register("access_waiting", what, self.access_waiting.clone());
        let what = "Accesses that were answered and not recorded";
        registry.register("access_unrecorded", what, self.access_unrecorded.clone());
    }

    /// Counts a request that was answered.
    pub(super) fn answered(&self, route: RouteLabels, status: u16, after: Duration) {
        self.request_seconds.get_or_create(&route).observe(after.as_secs_f64());
        let RouteLabels { method, route } = route;
        self.requests.get_or_create(&RequestLabels { method, route, status: status.to_string() }).inc();
    }

    /// Counts events that were appended.
    pub(super) fn appended(&self, events: u64, after: Duration) {
        self.append_seconds.observe(after.as_secs_f64());
        // No request has so many events that a float could not tell them.
        self.append_events.observe(events as f64);
    }

    /// Counts a request to append that was refused.
    pub(super) fn refused(&self, code: &str) {
        self.appends_refused.get_or_create(&CodeLabels { code: code.to_owned() }).inc();
    }

    /// Counts a feed for as long as the answer is held.
    pub(crate) fn feed(self: &Arc<Self>) -> FeedsOpen {
        self.feeds.inc();
        FeedsOpen(self.feeds.clone())
    }

    /// Everything, in the text format of OpenMetrics 1.0.
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Drop for FeedsOpen {
    fn drop(&mut self) {
        self.0.dec();
    }
}
