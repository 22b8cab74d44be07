use serde::Serialize;
use serde_json::value::RawValue;

use super::job::{Job, JobState};
use crate::problem::Problem;

/// What a piece of work gives, as JSON.
pub(crate) trait Outcome {
    /// The result as JSON.
    fn to_json(&self) -> String;
}

/// A job as it is answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobDocument {
    id: String,
    log: String,
    state: &'static str,
    created_at: String,
    finished_at: Option<String>,
    progress: ProgressDocument,
    result: Option<Box<RawValue>>,
    problem: Option<Problem>,
}

#[derive(Serialize)]
struct ProgressDocument {
    done: u64,
    total: u64,
}

/// A job as JSON.
pub(crate) fn document<R: Outcome>(job: &Job<R>) -> String {
    let (done, total) = job.progress.read();
    let (state, finished, result, problem) = match &*job.state() {
        JobState::Running => ("running", None, None, None),
        JobState::Done { at, result } => {
            ("done", Some(*at), RawValue::from_string(result.to_json()).ok(), None)
        }
        JobState::Failed { at, error } => ("failed", Some(*at), None, Some(Problem::from(&**error))),
    };
    let document = JobDocument {
        id: job.id.to_string(),
        log: job.log.to_string(),
        state,
        created_at: job.created.to_string(),
        finished_at: finished.map(|at| at.to_string()),
        progress: ProgressDocument { done, total },
        result,
        problem,
    };
    // Strings and numbers always become JSON.
    serde_json::to_string(&document).unwrap_or_default()
}
