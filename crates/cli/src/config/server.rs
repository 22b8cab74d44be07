use std::net::SocketAddr;
use std::time::Duration;

use annals::{InvalidEvent, LogName};
use annals_auth::Transport;
use annals_server::{RequestLimits, SiteOrigin};

use super::concern::concern;
use super::{LoggingConfig, MetricsConfig, PATIENCE_MAX, RatesConfig, TlsConfig, TracesConfig};
use crate::failure::Failure;

concern! {
    /// How 'annals serve' answers over HTTP.
    ServerConfig is "server" with {
        tls: TlsConfig, rates: RatesConfig, logging: LoggingConfig, metrics: MetricsConfig, traces: TracesConfig,
    } {
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
        /// Seconds that a client may take no part of an answer that is ready for it.
        send_seconds: u64 = RequestLimits::default().send_within.as_secs();
        /// Seconds for which requests that were accepted may go on when the server is to stop.
        stop_seconds: u64 = RequestLimits::default().stop_within.as_secs();
        /// Seconds for which it still takes connections when it is to stop, while /readyz says that it stops, so that a
        /// balancer sends nobody to where nobody listens.
        linger_seconds: u64 = RequestLimits::default().linger.as_secs();
        /// Connections at a time; who comes then waits.
        connections: usize = RequestLimits::default().connections_max;
        /// Other sites whose pages may ask with tokens (CORS), each as its scheme, host and port. There must be a key (see
        /// auth).
        allowed_origins: Vec<String> = Vec::new(), such as r#"["https://audit.example.com"]"#;
        /// Whether a proxy in front speaks TLS with the world, so that cookies are for TLS only.
        proxied_tls: bool = false;
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

    /// The other sites whose pages may ask.
    ///
    /// # Errors
    /// [`Failure::Server`] when one is no origin of web pages.
    pub(crate) fn site_origins(&self) -> Result<Vec<SiteOrigin>, Failure> {
        Ok(self.allowed_origins.iter().map(|origin| origin.parse()).collect::<Result<_, _>>()?)
    }

    /// How browsers reach the server.
    pub(crate) fn transport(&self) -> Transport {
        if self.proxied_tls || self.tls.certificate_file.is_some() {
            Transport::Tls
        } else {
            Transport::Plain
        }
    }

    /// What a request may take.
    pub(crate) fn limits(&self) -> RequestLimits {
        let seconds = |seconds| Duration::from_secs(seconds).min(PATIENCE_MAX);
        RequestLimits {
            body_bytes_max: self.body_bytes,
            line_bytes_max: self.line_bytes,
            answer_within: seconds(self.answer_seconds),
            head_within: seconds(self.head_seconds),
            send_within: seconds(self.send_seconds),
            connections_max: self.connections,
            linger: seconds(self.linger_seconds),
            stop_within: seconds(self.stop_seconds),
        }
    }
}
