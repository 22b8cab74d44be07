use std::time::Duration;

use serde::Serialize;

/// What an import did. Records and events are counted apart, because a record may become several events or none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// The source's name.
    pub source: String,
    /// Records that were read: lines of JSON that are not blank, rows of CSV.
    pub read: u64,
    /// Events that were appended.
    pub appended: u64,
    /// Events that were there already.
    pub repeated: u64,
    /// Records of which the mapping made no event.
    pub skipped: u64,
    /// Records that became dead letters.
    pub rejected: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Events appended or found to be there already, per second.
    pub events_per_second: f64,
}

/// How far an import is, told after every batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes taken from the source, still compressed; reading runs ahead of storing.
    pub bytes_read: u64,
    /// Records that are settled: stored, skipped or written as dead letters.
    pub records: u64,
    /// Events that are stored.
    pub events: u64,
}

impl ImportReport {
    pub(super) fn new(source: String) -> Self {
        Self {
            source,
            read: 0,
            appended: 0,
            repeated: 0,
            skipped: 0,
            rejected: 0,
            seconds: 0.0,
            events_per_second: 0.0,
        }
    }

    /// Events that are stored.
    pub(super) fn events(&self) -> u64 {
        self.appended + self.repeated
    }

    /// Notes the time that it took, to the millisecond.
    pub(super) fn took(&mut self, time: Duration) {
        let per_second = self.events() as f64 / time.as_secs_f64().max(f64::EPSILON);
        self.seconds = (time.as_secs_f64() * 1_000.0).round() / 1_000.0;
        self.events_per_second = per_second.round();
    }
}
