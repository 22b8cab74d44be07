//! For whoever watches over the process.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use crate::answer;
use crate::problem::RequestError;
use crate::state::App;

/// Whether the server can answer questions.
#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    logs: Vec<LogReadiness>,
}

/// Whether one log can be read.
#[derive(Serialize)]
struct LogReadiness {
    name: String,
    size: u64,
}

/// Whether the process is alive
///
/// Says yes as long as it can say anything.
#[utoipa::path(get, path = "/livez", tag = "operations", responses((status = 200, description = "It is", body = ref("Alive"))))]
pub(crate) async fn live() -> Response {
    answer::json(StatusCode::OK, "{\"status\":\"ok\"}".to_owned())
}

/// Whether the server can answer questions
///
/// Reads the head of every log. While the server stops, it is not ready.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200, description = "It can", body = ref("Readiness")), (status = 503, description = "It cannot, or stops", body = ref("Readiness"))))]
pub(crate) async fn ready(State(app): State<App>) -> Result<Response, RequestError> {
    let mut logs = Vec::new();
    for log in app.logs.iter() {
        logs.push(LogReadiness { name: log.name.to_string(), size: log.events().head().await?.size });
    }
    let stopping = *app.stopping.borrow();
    let readiness = Readiness { status: if stopping { "stopping" } else { "ok" }, logs };
    let mut answer = answer::document(&readiness)?;
    if stopping {
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(answer)
}
