use annals::history::HistoryError;
use annals::{ProofError, StoreError};
use annals_auth::{AuthError, Remedy};
use axum::http::StatusCode;

use super::RequestError;

impl RequestError {
    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::UnknownParameter { .. } | Self::InvalidParameter { .. } | Self::Header { .. } => {
                StatusCode::BAD_REQUEST
            }
            Self::BodyCutOff { .. } | Self::Body { .. } | Self::Event { .. } | Self::TlsNeeded => {
                StatusCode::BAD_REQUEST
            }
            Self::MediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoLog { .. } | Self::NoRoute { .. } => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Host { .. } => StatusCode::MISDIRECTED_REQUEST,
            Self::TimedOut { .. } | Self::NotRecorded => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooManyJobs { .. } | Self::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::ReadOnly { .. } | Self::JobRunning { .. } | Self::LetterSettled { .. } => {
                StatusCode::CONFLICT
            }
            Self::Auth(error) => of_auth(error),
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Store(error) => of_store(error),
            Self::History(error) => of_history(error),
            Self::Proof(error) => of_proof(error),
        }
    }
}

fn of_auth(error: &AuthError) -> StatusCode {
    match error.remedy() {
        Remedy::SignIn => StatusCode::UNAUTHORIZED,
        Remedy::AskForRights => StatusCode::FORBIDDEN,
        Remedy::Wait => StatusCode::SERVICE_UNAVAILABLE,
        Remedy::Configure => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn of_store(error: &StoreError) -> StatusCode {
    match error {
        StoreError::InvalidEvent { .. }
        | StoreError::InvalidAppend { .. }
        | StoreError::ReservedStream { .. } => StatusCode::BAD_REQUEST,
        StoreError::WrongExpectedVersion { .. }
        | StoreError::ConditionFailed { .. }
        | StoreError::EventIdConflict { .. }
        | StoreError::CursorConflict { .. }
        | StoreError::CheckpointRefused { .. }
        | StoreError::FileExists { .. } => StatusCode::CONFLICT,
        StoreError::NotFound { .. } => StatusCode::NOT_FOUND,
        StoreError::Refused { .. } | StoreError::NotOverHttp { .. } => StatusCode::BAD_GATEWAY,
        StoreError::Unavailable { .. }
        | StoreError::AlreadyWritten { .. }
        | StoreError::NotOurs { .. }
        | StoreError::Outdated { .. } => StatusCode::SERVICE_UNAVAILABLE,
        StoreError::Corrupt { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn of_history(error: &HistoryError) -> StatusCode {
    match error {
        HistoryError::NoStream { .. } | HistoryError::NoVersion { .. } => StatusCode::NOT_FOUND,
        HistoryError::NotExpressible { .. } | HistoryError::NotKept { .. } => StatusCode::CONFLICT,
        HistoryError::Reducer { .. } | HistoryError::Upcaster { .. } | HistoryError::Payload { .. } => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        HistoryError::Worker { .. } | HistoryError::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
        HistoryError::Store(error) => of_store(error),
    }
}

fn of_proof(error: &ProofError) -> StatusCode {
    match error {
        ProofError::Store(error) => of_store(error),
        ProofError::EventAltered { .. } | ProofError::Forked { .. } | ProofError::Rewound { .. } => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        // Whatever keeps the log from being signed can be mended, and then the answer can be had.
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
