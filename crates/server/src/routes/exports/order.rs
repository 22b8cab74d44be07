use std::sync::Arc;

use annals_auth::Caller;
use annals_wire::{RecordFormat, Redactions, redaction};
use axum::http::HeaderValue;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::guard::read_scope;
use crate::jobs::ExportOrder;
use crate::logs::OpenLog;
use crate::parameters::EventFilter;
use crate::problem::RequestError;
use crate::state::App;

/// In which form events are exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(rename_all = "lowercase")]
enum ExportFormat {
    /// One object a line.
    #[default]
    Jsonl,
    /// One array.
    Json,
    /// Comma-separated values with a header.
    Csv,
}

/// How events are exported.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportParameters {
    /// jsonl, json or csv
    #[param(inline)]
    format: ExportFormat,
    /// Write "[redacted]" in place of what this JSON pointer into the event leads to; given several times, each of them
    #[param(example = json!(["/payload/card"]))]
    redact: Vec<String>,
}

impl ExportParameters {
    /// What is to be exported: only what the caller may see.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`], [`RequestError::Forbidden`].
    pub(super) fn order(
        &self,
        filter: &EventFilter,
        log: Arc<OpenLog>,
        app: &App,
        caller: &Caller,
    ) -> Result<ExportOrder, RequestError> {
        let query = filter.query(&app.reference(), &read_scope(caller)?)?;
        let pointers = self.redact.iter().map(|text| redaction(text));
        let pointers = pointers
            .collect::<Result<_, _>>()
            .map_err(|what| RequestError::parameter("redact", format!("cannot be read: {what}")))?;
        let (format, extension) = match self.format {
            ExportFormat::Jsonl => (RecordFormat::Jsonl, "jsonl"),
            ExportFormat::Json => (RecordFormat::Json, "json"),
            ExportFormat::Csv => (RecordFormat::Csv, "csv"),
        };
        let time: String =
            app.now().to_string().chars().take(19).filter(char::is_ascii_alphanumeric).collect();
        let name = format!("{}-{time}.{extension}", log.name);
        Ok(ExportOrder { log, query, format, redactions: Redactions::new(pointers), name })
    }
}

pub(super) fn media_type(format: RecordFormat) -> HeaderValue {
    HeaderValue::from_static(match format {
        RecordFormat::Jsonl => "application/x-ndjson",
        RecordFormat::Json => "application/json",
        RecordFormat::Csv => "text/csv; charset=utf-8",
    })
}

/// Says that a browser shall keep the answer as a file. Names of logs hold nothing that would have to be quoted.
pub(super) fn attachment(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}
