use std::net::SocketAddr;

use super::concern::concern;

concern! {
    /// Where 'annals serve' tells its numbers, besides at /metrics to those who may read everything.
    MetricsConfig is "server.metrics" {
        /// An address and a port where /metrics is told to everybody who reaches it, in the clear.
        listen: Option<SocketAddr> = None, such as r#""127.0.0.1:9720""#;
    }
}
