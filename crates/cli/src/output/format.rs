use std::fmt;

use annals_wire::RecordFormat;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Aligned columns for people.
    Table,
    /// One JSON value: an array of rows, or an object.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// Comma-separated values with a header, safe for spreadsheets.
    Csv,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        })
    }
}

/// The form of records that belongs to a form of answers; a table has none.
pub(crate) fn record_format(format: Format) -> Option<RecordFormat> {
    match format {
        Format::Table => None,
        Format::Json => Some(RecordFormat::Json),
        Format::Jsonl => Some(RecordFormat::Jsonl),
        Format::Csv => Some(RecordFormat::Csv),
    }
}
