use annals::history::SnapshotSummary;
use serde::Serialize;

/// A snapshot. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotDocument {
    /// Which aggregate, as in `Order/order_456`.
    pub aggregate: String,
    /// Behind the event of which version.
    pub version: u64,
    /// When it was taken; null where that cannot be read.
    pub taken_at: Option<String>,
    /// How many bytes the state has.
    pub bytes: u64,
    /// Whether it is of the reducer and the upcasters that are configured now.
    pub is_current: bool,
}

impl From<&SnapshotSummary> for SnapshotDocument {
    fn from(summary: &SnapshotSummary) -> Self {
        Self {
            aggregate: summary.stream.to_string(),
            version: summary.version.0,
            taken_at: summary.taken_at.map(|time| time.to_string()),
            bytes: summary.bytes,
            is_current: summary.is_current,
        }
    }
}
