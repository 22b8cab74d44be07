use std::sync::Arc;
use std::time::Duration;

use annals::{Clock, SystemClock};
use annals_auth::{Authenticator, Transport};
use annals_connect::Validate;
use annals_ui::PageFile;
use jiff::tz::TimeZone;

use crate::cross_origin::SiteOrigin;
use crate::rates::RateLimits;
use crate::tls::TlsIdentity;

/// How a server answers.
#[derive(Clone)]
pub struct ServerOptions {
    /// Who may ask. Without it, everybody who reaches the server may do everything, and it serves this machine only.
    pub auth: Option<Authenticator>,
    /// With what the server proves who it is. Without it, it speaks in the clear, and with it never.
    pub tls: Option<TlsIdentity>,
    /// How browsers reach the server, and so whether its cookies need TLS.
    pub transport: Transport,
    /// Who may check a log from outside: fetch its checkpoint and its tiles, in which nothing personal stands.
    pub publication: Publication,
    /// What becomes of requests that cannot be recorded in the log `access`.
    pub access: AccessRecording,
    /// After how long without an event a feed says that it still looks.
    pub heartbeat_interval: Duration,
    /// What a request may take.
    pub limits: RequestLimits,
    /// How often each may ask.
    pub rates: RateLimits,
    /// Other sites whose pages may ask, with tokens of their own. None by default.
    pub allowed_origins: Vec<SiteOrigin>,
    /// The zone of bare dates in questions, where a question names no other.
    pub zone: TimeZone,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The files of the web UI; without any, `/` says how they are added.
    pub pages: &'static [PageFile],
    /// What is checked before an event is stored, besides what every event must be.
    pub checks: Vec<Arc<dyn Validate>>,
}

/// Who may fetch checkpoints and tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// Anybody.
    ForAnybody,
    /// Who has a role, of those logs that she may use.
    ForCallers,
}

/// What becomes of requests that cannot be recorded in the log `access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessRecording {
    /// They are answered all the same, and counted.
    WherePossible,
    /// They are refused.
    Always,
}

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    /// How many bytes the body of a request may have, when it is one document.
    pub body_bytes_max: usize,
    /// How many bytes one line may have, when the body is lines of JSON, which has no limit of its own.
    pub line_bytes_max: usize,
    /// How long an answer may take until it begins.
    pub answer_within: Duration,
    /// How long a client may take to send the head of a request, the next one on a connection included.
    pub head_within: Duration,
    /// How long a client may take no part of an answer that is ready for it.
    pub send_within: Duration,
    /// How many connections there may be at a time; who comes then waits.
    pub connections_max: usize,
    /// How long connections are still taken when the server is to stop, while `/readyz` says that it stops.
    pub linger: Duration,
    /// How long requests may go on when the server is to stop.
    pub stop_within: Duration,
}

impl Default for ServerOptions {
    /// For this machine only, without a key and without pages; times in UTC.
    fn default() -> Self {
        Self {
            auth: None,
            tls: None,
            transport: Transport::Plain,
            publication: Publication::ForAnybody,
            access: AccessRecording::WherePossible,
            // Proxies give up connections on which nothing happens for a minute.
            heartbeat_interval: Duration::from_secs(15),
            limits: RequestLimits::default(),
            rates: RateLimits::default(),
            allowed_origins: Vec::new(),
            zone: TimeZone::UTC,
            clock: Arc::new(SystemClock),
            pages: &[],
            checks: Vec::new(),
        }
    }
}

impl Default for RequestLimits {
    /// Bodies of 16 MiB, lines of 8 MiB, 30 seconds for an answer and for a head, 60 without any part of an answer taken,
    /// 10 to stop without lingering, 4,096 connections.
    fn default() -> Self {
        Self {
            body_bytes_max: 16 << 20,
            line_bytes_max: 8 << 20,
            answer_within: Duration::from_secs(30),
            head_within: Duration::from_secs(30),
            send_within: Duration::from_secs(60),
            connections_max: 4_096,
            linger: Duration::ZERO,
            stop_within: Duration::from_secs(10),
        }
    }
}
