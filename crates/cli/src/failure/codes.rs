//! Under which code which failure is explained.

use annals::LogError;
use annals_connect::ImportError;
use annals_server::ServerError;

use super::Failure;

impl Failure {
    /// The stable code under which `annals explain` explains this failure.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::Configuration(_) => "invalid-configuration",
            Self::Location(_) => "invalid-location",
            Self::InvalidEvent(_) => "invalid-event",
            Self::NoStore { .. } => "no-store",
            Self::Line { failure, .. } => failure.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::Import(error) => import_code(error),
            Self::Program(_) => "invalid-jq-program",
            Self::Schema(_) => "invalid-schema",
            Self::Bench(_) => "bench-failed",
            Self::Interrupted => "interrupted",
            Self::VerificationFailed { .. } => "verification-failed",
            Self::Store(error) => error.code(),
            Self::Proof(error) => error.code(),
            Self::History(error) => error.code(),
            Self::NotInvertible { .. } => "undo-not-expressible",
            Self::File { .. } | Self::Input(_) => "unusable-file",
            Self::Output(_) => "output-failed",
            Self::NotAllStored { .. } => "input-not-stored",
            Self::Auth(error) => error.code(),
            Self::Server(
                ServerError::NoMainLog | ServerError::LogTwice { .. } | ServerError::NoAccessLog,
            ) => "usage",
            Self::Server(ServerError::NoSiteOrigin { .. } | ServerError::Traces { .. }) => {
                "invalid-configuration"
            }
            Self::Server(ServerError::TlsIdentity { .. }) => "tls-unusable",
            Self::Server(ServerError::KeylessBeyondLoopback { .. }) => "key-needed",
            Self::Server(ServerError::Listen(_)) | Self::Listen { .. } => "address-unavailable",
            Self::Server(ServerError::Close { source, .. }) => code_of_log(source),
            Self::Server(ServerError::StillUsed { .. }) => "interrupted",
            Self::Demo { .. } => "demo-failed",
            Self::UnknownCode(_) => "unknown-code",
        }
    }
}

fn code_of_log(error: &LogError) -> &'static str {
    match error {
        LogError::Store(error) => error.code(),
        LogError::Proof(error) => error.code(),
        LogError::NotVerified { .. } => "verification-failed",
        LogError::NotInAFile { .. } => "usage",
    }
}

fn import_code(error: &ImportError) -> &'static str {
    match error {
        ImportError::SourceName { .. } | ImportError::UnknownPreset { .. } => "usage",
        ImportError::Read { .. } | ImportError::DeadLetters { .. } => "unusable-file",
        ImportError::Header { .. } => "record-not-csv",
        ImportError::Store { source, .. } => source.code(),
        ImportError::Worker { .. } => "jq-worker-lost",
        ImportError::ReaderLost { .. } => "interrupted",
    }
}
