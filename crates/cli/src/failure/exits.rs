//! Which exit code belongs to which failure.

use std::io;

use annals::history::HistoryError;
use annals::{LogError, ProofError, StoreError};
use annals_auth::Remedy;
use annals_connect::ImportError;
use annals_server::ServerError;

use super::Failure;
use crate::exit::Exit;

impl Failure {
    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::Output(_) => Exit::OutputFailed,
            Self::Usage { .. } | Self::Configuration(_) | Self::Location(_) | Self::InvalidEvent(_) => {
                Exit::Usage
            }
            Self::File { .. } | Self::Input(_) => Exit::Usage,
            Self::NoStore { .. } | Self::UnknownCode(_) => Exit::NotFound,
            Self::NotAllStored { .. } => Exit::NotAllStored,
            Self::Line { failure, .. } => failure.exit(),
            Self::Refused(_) | Self::Program(_) | Self::Schema(_) => Exit::Usage,
            Self::Import(error) => exit_of_import(error),
            Self::Bench(_) => Exit::StoreUnusable,
            Self::Interrupted => Exit::NotAllStored,
            Self::VerificationFailed { .. } => Exit::VerificationFailed,
            Self::Store(error) => exit_of(error),
            Self::Proof(error) => exit_of_proof(error),
            Self::History(error) => exit_of_history(error),
            Self::NotInvertible { .. } => Exit::Usage,
            Self::Auth(error) if error.remedy() == Remedy::Wait => Exit::StoreUnusable,
            Self::Auth(_) => Exit::Usage,
            Self::Server(error) => exit_of_server(error),
            Self::Listen { .. } => Exit::Usage,
            Self::Demo { .. } => Exit::StoreUnusable,
        }
    }
}

fn exit_of_server(error: &ServerError) -> Exit {
    match error {
        ServerError::NoMainLog
        | ServerError::LogTwice { .. }
        | ServerError::NoAccessLog
        | ServerError::NoSiteOrigin { .. }
        | ServerError::Traces { .. }
        | ServerError::TlsIdentity { .. }
        | ServerError::KeylessBeyondLoopback { .. }
        | ServerError::Listen(_) => Exit::Usage,
        ServerError::Close { source, .. } => match &**source {
            LogError::Store(error) => exit_of(error),
            LogError::Proof(error) => exit_of_proof(error),
            LogError::NotVerified { .. } => Exit::VerificationFailed,
            LogError::NotInAFile { .. } => Exit::Usage,
        },
        ServerError::StillUsed { .. } => Exit::StoreUnusable,
    }
}

fn exit_of_proof(error: &ProofError) -> Exit {
    match error {
        ProofError::Store(error) => exit_of(error),
        ProofError::NoHome { .. } | ProofError::File { .. } | ProofError::NoVerifierKey => Exit::Usage,
        ProofError::KeyMissing { .. } => Exit::NotFound,
        ProofError::KeyExposed { .. }
        | ProofError::KeyUnreadable { .. }
        | ProofError::KeyOfAnotherLog { .. } => Exit::Usage,
        ProofError::StateMissing { .. } | ProofError::NotYetSigned { .. } => Exit::NotFound,
        ProofError::OwnEvent { .. } => Exit::Usage,
        ProofError::NotEmpty { .. } => Exit::Conflict,
        ProofError::Signer(_) | ProofError::Interrupted => Exit::StoreUnusable,
        ProofError::KeyMismatch { .. }
        | ProofError::Rewound { .. }
        | ProofError::Forked { .. }
        | ProofError::StateUnreadable { .. }
        | ProofError::ForeignCheckpoint { .. }
        | ProofError::RotationRefused { .. }
        | ProofError::PredecessorDiffers { .. }
        | ProofError::EventAltered { .. }
        | ProofError::EventFile { .. }
        | ProofError::PositionsDiffer { .. }
        | ProofError::ForeignTiles { .. }
        | ProofError::Tlog(_) => Exit::VerificationFailed,
    }
}

fn exit_of_history(error: &HistoryError) -> Exit {
    match error {
        HistoryError::NoStream { .. } | HistoryError::NoVersion { .. } => Exit::NotFound,
        HistoryError::Reducer { .. } | HistoryError::Upcaster { .. } | HistoryError::Worker { .. } => {
            Exit::Usage
        }
        HistoryError::NotExpressible { .. } | HistoryError::NotKept { .. } => Exit::Usage,
        HistoryError::Payload { .. } | HistoryError::Interrupted => Exit::StoreUnusable,
        HistoryError::Store(error) => exit_of(error),
    }
}

fn exit_of_import(error: &ImportError) -> Exit {
    match error {
        ImportError::SourceName { .. } | ImportError::UnknownPreset { .. } => Exit::Usage,
        ImportError::Read { .. } | ImportError::Header { .. } | ImportError::DeadLetters { .. } => {
            Exit::NotAllStored
        }
        ImportError::Worker { .. } | ImportError::ReaderLost { .. } => Exit::NotAllStored,
        ImportError::Store { source, .. } => exit_of(source),
    }
}

fn exit_of(error: &StoreError) -> Exit {
    match error {
        StoreError::InvalidEvent { .. }
        | StoreError::InvalidAppend { .. }
        | StoreError::ReservedStream { .. }
        | StoreError::NotOverHttp { .. }
        | StoreError::FileExists { .. } => Exit::Usage,
        StoreError::WrongExpectedVersion { .. }
        | StoreError::ConditionFailed { .. }
        | StoreError::EventIdConflict { .. }
        | StoreError::CursorConflict { .. } => Exit::Conflict,
        StoreError::NotFound { .. } => Exit::NotFound,
        StoreError::CheckpointRefused { .. } => Exit::VerificationFailed,
        StoreError::Unavailable { .. }
        | StoreError::Refused { .. }
        | StoreError::AlreadyWritten { .. }
        | StoreError::Corrupt { .. }
        | StoreError::NotOurs { .. }
        | StoreError::Outdated { .. } => Exit::StoreUnusable,
    }
}
