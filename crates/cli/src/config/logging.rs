use serde::{Deserialize, Serialize};

use super::concern::concern;

concern! {
    /// What 'annals serve' says on standard error while it runs.
    LoggingConfig is "server.logging" {
        /// In which form: text, or json, an object a line.
        format: LogForm = LogForm::Text;
        /// Whether there is a line for each request, with what was asked, the answer's status and how long it took.
        requests: bool = false;
    }
}

/// The form of what a server says while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogForm {
    /// Lines for people.
    Text,
    /// An object a line.
    Json,
}
