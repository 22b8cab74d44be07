//! Which logs there are.

use annals::Signing;
use annals_auth::Caller;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::answer;
use crate::logs::OpenLog;
use crate::parameters::{Asked, Nothing};
use crate::problem::RequestError;
use crate::state::App;

/// The logs.
#[derive(Serialize)]
struct LogList {
    items: Vec<LogDocument>,
    next: Option<String>,
}

/// A log.
#[derive(Serialize)]
struct LogDocument {
    name: String,
    origin: String,
    /// How many events it holds.
    size: u64,
    /// In base64.
    root: String,
    /// Whether events can be appended here.
    writable: bool,
    /// The newest signed checkpoint.
    checkpoint: Option<CheckpointDocument>,
    /// The keys that speak for its checkpoints, the present one last.
    keys: Vec<String>,
}

/// What a checkpoint says.
#[derive(Serialize)]
struct CheckpointDocument {
    size: u64,
    root: String,
}

/// List the logs
///
/// Those that you may use, by name: their size, and how far they are proven.
#[utoipa::path(
    get, path = "/v1/logs", tag = "logs",
    responses((status = 200, description = "The logs", body = ref("LogList")))
)]
pub(crate) async fn logs(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let mut items = Vec::new();
    for log in app.logs.iter().filter(|log| caller.may_use(&log.name)) {
        items.push(describe(log).await?);
    }
    answer::document(&LogList { items, next: None })
}

async fn describe(log: &OpenLog) -> Result<LogDocument, RequestError> {
    let head = log.events().head().await?;
    let newest = log.store().newest_checkpoint().await?;
    let keys = log.store().verifier_keys().await?;
    Ok(LogDocument {
        name: log.name.to_string(),
        origin: log.events().origin().to_string(),
        size: head.size,
        root: head.root.to_string(),
        writable: !matches!(log.log.signing(), Signing::ReadOnly),
        checkpoint: newest.map(|newest| {
            let covered = newest.unverified();
            CheckpointDocument { size: covered.size, root: covered.root.to_string() }
        }),
        keys: keys.iter().map(ToString::to_string).collect(),
    })
}
