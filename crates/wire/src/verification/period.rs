use annals::KeyPeriod;
use serde::Serialize;

/// A key and the checkpoints for which it speaks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodDocument {
    /// The key, as verifiers take it.
    pub key: String,
    /// Its short name, by which signatures name it.
    pub key_id: String,
    /// Only checkpoints of more events; null for the log's first key.
    pub after: Option<u64>,
    /// Only checkpoints of so many events or less; null for the present key.
    pub until: Option<u64>,
    /// The note of the rotation that brought the key; null for the log's first.
    pub rotation: Option<String>,
}

impl PeriodDocument {
    /// For which checkpoints the key speaks.
    #[must_use]
    pub fn in_words(&self) -> String {
        match (self.after, self.until) {
            (None, None) => "for all checkpoints".to_owned(),
            (None, Some(until)) => format!("for checkpoints of up to {until} events"),
            (Some(after), None) => format!("for checkpoints of more than {after} events"),
            (Some(after), Some(until)) => {
                format!("for checkpoints of more than {after} and up to {until} events")
            }
        }
    }
}

impl From<&KeyPeriod> for PeriodDocument {
    fn from(period: &KeyPeriod) -> Self {
        Self {
            key: period.key.to_string(),
            key_id: period.key.id().to_string(),
            after: period.began.as_ref().map(|rotation| rotation.at.size),
            until: period.ended.as_ref().map(|rotation| rotation.at.size),
            rotation: period.began.as_ref().map(ToString::to_string),
        }
    }
}
