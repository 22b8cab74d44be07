//! What a verification found.

mod period;
mod predecessor;

use annals::{Problem, Verification};
use serde::Serialize;

pub use period::PeriodDocument;
pub use predecessor::PredecessorDocument;

/// What a verification found. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationDocument {
    /// Nothing at all is wrong.
    pub ok: bool,
    /// The log's size when the verification began.
    pub size: u64,
    /// In base64; null where too little is left to compute it.
    pub root: Option<String>,
    /// How many events were recomputed.
    pub events: u64,
    /// How many events stand behind the largest checkpoint that agrees.
    pub unsigned_tail: u64,
    /// How many checkpoints agree with the log.
    pub checkpoints: u64,
    /// The keys that speak for it.
    pub keys: Vec<PeriodDocument>,
    /// The log for which it goes on.
    pub predecessor: Option<PredecessorDocument>,
    /// What is wrong.
    pub problems: Vec<ProblemDocument>,
    /// How many problems were found beyond those.
    pub problems_omitted: u64,
    /// What could not be looked at, and why.
    pub unchecked: Vec<String>,
}

/// Something that is wrong. This is its shape as JSON.
#[derive(Debug, Serialize)]
pub struct ProblemDocument {
    /// The code that `annals explain` explains.
    pub code: &'static str,
    /// The event that it concerns, where it concerns one.
    pub position: Option<u64>,
    /// What was found, and what should be there.
    pub detail: String,
}

impl From<Verification> for VerificationDocument {
    fn from(verification: Verification) -> Self {
        Self {
            ok: verification.ok,
            size: verification.size,
            root: verification.root.map(|root| root.to_string()),
            events: verification.events,
            unsigned_tail: verification.unsigned_tail,
            checkpoints: verification.checkpoints,
            keys: verification.keys.iter().map(PeriodDocument::from).collect(),
            predecessor: verification.predecessor.as_ref().map(PredecessorDocument::from),
            problems: verification.problems.into_iter().map(ProblemDocument::from).collect(),
            problems_omitted: verification.problems_omitted,
            unchecked: verification.unchecked,
        }
    }
}

impl From<Problem> for ProblemDocument {
    fn from(problem: Problem) -> Self {
        let position = problem.position.map(|position| position.0);
        Self { code: problem.code, position, detail: problem.detail }
    }
}
