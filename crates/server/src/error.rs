use std::io;
use std::net::SocketAddr;

use annals::{LogError, LogName};

/// Why a server cannot be made, or stopped otherwise than it should.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// There is no log `main`, which `/v1` is about.
    #[error("none of the logs is called main, and /v1 is about that one; serve it too")]
    NoMainLog,
    /// Two logs have one name.
    #[error("two of the logs are called {name}; give each its own name")]
    LogTwice {
        /// The name.
        name: LogName,
    },
    /// Every access must be recorded, and there is no log for that.
    #[error("every access must be recorded, and no log called access is written here; serve one too")]
    NoAccessLog,
    /// Without a key everybody is an administrator, so only this machine may ask.
    #[error(
        "without a key everybody who reaches the server may do everything, so it listens on this machine only, \
             not on {address}; configure a key, or listen on 127.0.0.1"
    )]
    KeylessBeyondLoopback {
        /// Where it should listen.
        address: SocketAddr,
    },
    /// A certificate and a key cannot be used together, or at all.
    #[error(
        "TLS cannot be spoken: {what}; both are needed in PEM, and the key must belong to the first certificate"
    )]
    TlsIdentity {
        /// What is wrong.
        what: String,
    },
    /// Traces cannot be told as is configured.
    #[error("traces cannot be told: {what}")]
    Traces {
        /// What is wrong.
        what: String,
    },
    /// Something is no origin of web pages.
    #[error(
        "{text:?} is no origin of web pages; give scheme, host and port only, as in https://app.example.com"
    )]
    NoSiteOrigin {
        /// What was given.
        text: String,
    },
    /// The operating system does not let the server listen.
    #[error("the server cannot listen: {0}")]
    Listen(#[from] io::Error),
    /// A log was not closed as it should be.
    #[error("the log {name} was not closed as it should be: {source}")]
    Close {
        /// Which log.
        name: LogName,
        /// Why not.
        #[source]
        source: Box<LogError>,
    },
    /// A log is still used by a request that did not end.
    #[error(
        "the log {name} was not closed, because a request that uses it did not end; what was acknowledged is stored"
    )]
    StillUsed {
        /// Which log.
        name: LogName,
    },
}
