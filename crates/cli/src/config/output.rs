use super::concern::concern;
use super::text::Zone;
use crate::output::Format;

concern! {
    /// How answers are printed.
    OutputConfig is "output" {
        /// table, json, jsonl or csv. When it is not set: a table on a terminal, JSONL elsewhere.
        format: Option<Format> = None, such as r#""jsonl""#;
        /// The time zone of tables and of bare dates in filters: an IANA name, UTC, or local.
        time_zone: Zone as "super::text" = Zone::utc();
    }
}
