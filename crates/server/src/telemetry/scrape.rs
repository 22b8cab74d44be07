use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use annals::{Position, Timestamp};

use super::labels::{JobLabels, LogLabels};
use super::metrics::Metrics;
use crate::access::Recorder;
use crate::jobs::{Exported, Jobs, Verified};
use crate::logs::{OpenLog, OpenLogs};
use crate::options::ServerOptions;
use crate::problem::RequestError;
use crate::routes::event_at;

/// What is looked at when somebody asks for the numbers. It holds no log open.
#[derive(Clone)]
pub(crate) struct Scraped {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) logs: Weak<OpenLogs>,
    pub(crate) access: Option<Arc<Recorder>>,
    pub(crate) exports: Arc<Jobs<Exported>>,
    pub(crate) verifications: Arc<Jobs<Verified>>,
    pub(crate) options: Arc<ServerOptions>,
}

/// The numbers as they are now, as text.
///
/// # Errors
/// [`RequestError::Store`] when a log cannot be read.
pub(crate) async fn scrape(scraped: &Scraped) -> Result<String, RequestError> {
    let metrics = &scraped.metrics;
    if let Some(logs) = scraped.logs.upgrade() {
        for log in logs.iter() {
            look_at(log, metrics, scraped.options.clock.now()).await?;
        }
    }
    let running = |kind: &str| metrics.jobs_running.get_or_create_owned(&JobLabels { kind: kind.to_owned() });
    running("export").set(number(scraped.exports.running() as u64));
    running("verification").set(number(scraped.verifications.running() as u64));
    if let Some(access) = &scraped.access {
        metrics.access_waiting.set(number(access.waiting() as u64));
        metrics.access_unrecorded.inner().store(access.unrecorded(), Ordering::Relaxed);
    }
    metrics.text().map_err(|error| RequestError::Failed { what: error.to_string() })
}

async fn look_at(log: &OpenLog, metrics: &Metrics, now: Timestamp) -> Result<(), RequestError> {
    let labels = LogLabels { log: log.name.to_string() };
    let size = log.events().head().await?.size;
    let signed = log.store().newest_checkpoint().await?.map_or(0, |newest| newest.unverified().size);
    let unsigned = size.saturating_sub(signed);
    let since = match unsigned {
        0 => None,
        _ => event_at(log.events(), Position(signed)).await?.map(|event| event.recorded_at),
    };
    let micros = since.map_or(0, |since| now.as_micros().saturating_sub(since.as_micros()).max(0));
    metrics.log_events.get_or_create_owned(&labels).set(number(size));
    metrics.unsigned_events.get_or_create_owned(&labels).set(number(unsigned));
    metrics.unsigned_micros.get_or_create_owned(&labels).set(micros);
    let cache = log.history.cache_statistics();
    metrics.cache_hits.get_or_create_owned(&labels).inner().store(cache.hits, Ordering::Relaxed);
    metrics.cache_misses.get_or_create_owned(&labels).inner().store(cache.misses, Ordering::Relaxed);
    Ok(())
}

/// A gauge holds signed numbers.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
