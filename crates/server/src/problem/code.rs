use super::RequestError;

impl RequestError {
    /// The stable code under which `docs/errors` explains it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::UnknownParameter { .. } => "parameter-unknown",
            Self::InvalidParameter { .. } => "parameter-invalid",
            Self::Header { .. } => "header-invalid",
            Self::MediaType { .. } => "media-type-refused",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::BodyCutOff { .. } | Self::Body { .. } => "body-unreadable",
            Self::Event { refusal, .. } => refusal.code(),
            Self::NoLog { .. } => "no-such-log",
            Self::NoRoute { .. } => "no-such-route",
            Self::Method { .. } => "method-not-allowed",
            Self::Host { .. } => "host-refused",
            Self::TlsNeeded => "tls-needed",
            Self::TimedOut { .. } => "request-timed-out",
            Self::ReadOnly { .. } => "log-read-only",
            Self::Auth(error) => error.code(),
            Self::Forbidden { .. } => "forbidden",
            Self::NotRecorded => "access-not-recorded",
            Self::TooOften { .. } => "too-many-requests",
            Self::TooManyJobs { .. } => "too-many-jobs",
            Self::JobRunning { .. } => "job-running",
            Self::LetterSettled { .. } => "dead-letter-settled",
            Self::Failed { .. } => "server-failed",
            Self::Store(error) => error.code(),
            Self::History(error) => error.code(),
            Self::Proof(error) => error.code(),
        }
    }
}
