use std::net::SocketAddr;
use std::time::Duration;

use annals::{InvalidEvent, LogName};
use annals_server::RequestLimits;

use super::PATIENCE_MAX;
use super::concern::concern;

concern! {
    /// How 'annals serve' answers over HTTP.
    ServerConfig is "server" {
        /// Where it listens: an address and a port. Without a key (see auth) only an address of this machine is
        /// possible, for everybody who reaches the server may then do everything.
        listen: SocketAddr as "super::text" = SocketAddr::from(([127, 0, 0, 1], 4720));
        /// The store's logs that are served, main among them. They are made when they do not exist. In the one called
        /// access, the server itself records who asks it what; without that one, it records nothing of it.
        logs: Vec<String> = vec![LogName::main().to_string(), annals_server::ACCESS_LOG.to_owned()];
        /// Bytes of a request's body that is one document.
        body_bytes: usize = RequestLimits::default().body_bytes_max;
        /// Bytes of one line, in a body that is lines of JSON.
        line_bytes: usize = RequestLimits::default().line_bytes_max;
        /// Seconds until an answer begins.
        answer_seconds: u64 = RequestLimits::default().answer_within.as_secs();
        /// Seconds that a client may take to send the head of a request.
        head_seconds: u64 = RequestLimits::default().head_within.as_secs();
        /// Seconds for which requests that were accepted may go on when the server is to stop.
        stop_seconds: u64 = RequestLimits::default().stop_within.as_secs();
        /// Connections at a time; who comes then waits.
        connections: usize = RequestLimits::default().connections_max;
    }
}

impl ServerConfig {
    /// The names of the logs, each once.
    ///
    /// # Errors
    /// [`InvalidEvent`] when one of them is no name.
    pub(crate) fn log_names(&self) -> Result<Vec<LogName>, InvalidEvent> {
        let mut names = Vec::new();
        for name in &self.logs {
            let name = LogName::new(name)?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// What a request may take.
    pub(crate) fn limits(&self) -> RequestLimits {
        let seconds = |seconds| Duration::from_secs(seconds).min(PATIENCE_MAX);
        RequestLimits {
            body_bytes_max: self.body_bytes,
            line_bytes_max: self.line_bytes,
            answer_within: seconds(self.answer_seconds),
            head_within: seconds(self.head_seconds),
            connections_max: self.connections,
            stop_within: seconds(self.stop_seconds),
        }
    }
}
