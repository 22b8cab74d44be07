use annals::{ProofError, StoreError};

use super::RequestError;

impl RequestError {
    /// What happened, as far as it is anybody's business: no file of this machine is named, and nobody who uses it.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Store(
                StoreError::AlreadyWritten { .. }
                | StoreError::NotOurs { .. }
                | StoreError::FileExists { .. }
                | StoreError::Outdated { .. },
            ) => "the store cannot be used; the server's own log says why".to_owned(),
            Self::Failed { .. } => "the server failed; its own log says why".to_owned(),
            Self::Proof(error) if names_places(error) => {
                "nothing can be signed for this log; the server's own log says why".to_owned()
            }
            error => error.to_string(),
        }
    }

    /// In how many seconds it makes sense to come back, where it does.
    pub(crate) fn wait_seconds(&self) -> u64 {
        match self {
            Self::TooOften { wait_seconds } => *wait_seconds,
            _ => 1,
        }
    }

    /// What to do.
    pub(crate) fn help(&self) -> Option<String> {
        Some(match self {
            Self::UnknownParameter { known, .. } if known.is_empty() => {
                "this request has no parameters".to_owned()
            }
            Self::UnknownParameter { known, .. } => format!("its parameters are {}", known.join(", ")),
            Self::MediaType { allowed, .. } => format!("send it as {allowed}"),
            Self::BodyTooLarge { .. } => {
                "send fewer events at a time, or lines of JSON as application/x-ndjson".to_owned()
            }
            Self::NoLog { .. } => "GET /v1/logs lists the logs that there are".to_owned(),
            Self::NoRoute { .. } => "/openapi.json lists everything that can be asked".to_owned(),
            Self::Method { .. } => "the header Allow names what is".to_owned(),
            Self::Host { .. } => {
                "ask for http://127.0.0.1 or http://localhost, or configure a key".to_owned()
            }
            Self::TlsNeeded => "ask for https:// rather than http://".to_owned(),
            Self::TimedOut { .. } => "ask for less at a time, or narrow the filters".to_owned(),
            Self::TooOften { .. } => {
                "wait as long as the header Retry-After says; many events fit into one request".to_owned()
            }
            Self::TooManyJobs { .. } => {
                "wait until one of them is done, or give one up with DELETE".to_owned()
            }
            Self::JobRunning { .. } => "ask for the job, whose state says when it is done".to_owned(),
            _ => return None,
        })
    }
}

/// Whether an error says where the key or the signing state lies.
fn names_places(error: &ProofError) -> bool {
    matches!(
        error,
        ProofError::NoHome { .. }
            | ProofError::File { .. }
            | ProofError::KeyMissing { .. }
            | ProofError::KeyExposed { .. }
            | ProofError::KeyUnreadable { .. }
            | ProofError::StateMissing { .. }
            | ProofError::StateUnreadable { .. }
            | ProofError::Signer(_)
            | ProofError::ForeignTiles { .. }
    )
}
