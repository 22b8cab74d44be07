use annals::{JsonForm, StreamSummary, write_json_string};

use crate::records::Record;

/// An aggregate and its last event.
pub struct AggregateRow(pub StreamSummary);

impl Record for AggregateRow {
    const COLUMNS: &'static [&'static str] =
        &["aggregateType", "aggregateId", "version", "lastPosition", "lastTimestamp"];

    fn fields(&self) -> Vec<String> {
        let summary = &self.0;
        vec![
            summary.stream.aggregate_type.to_string(),
            summary.stream.aggregate_id.to_string(),
            summary.version.to_string(),
            summary.last_position.to_string(),
            summary.last_timestamp.to_string(),
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let summary = &self.0;
        text.push_str("{\"aggregateType\":");
        write_json_string(text, summary.stream.aggregate_type.as_str());
        text.push_str(",\"aggregateId\":");
        write_json_string(text, summary.stream.aggregate_id.as_str());
        text.push_str(&format!(
            ",\"version\":{},\"lastPosition\":{},\"lastTimestamp\":\"{}\"}}",
            summary.version, summary.last_position, summary.last_timestamp
        ));
    }
}
