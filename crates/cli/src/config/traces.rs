use annals_server::TraceOptions;

use super::concern::concern;
use crate::failure::Failure;

concern! {
    /// Who is told how 'annals serve' answers its requests, as traces of OpenTelemetry.
    TracesConfig is "server.traces" {
        /// Where a collector takes them: OTLP with protobuf over HTTP. When it is not set, nobody is told.
        otlp_url: Option<String> = None, such as r#""http://localhost:4318/v1/traces""#;
        /// What this server is called in them.
        service_name: String = "annals".to_owned();
        /// Which part of the traces that begin here is told, from 0 to 1. Of those that a client began, the client says
        /// whether they are.
        ratio: f64 = 1.0;
    }
}

impl TracesConfig {
    /// Who is told what; `None` where nobody is.
    ///
    /// # Errors
    /// [`Failure::Server`] when there is no such collector or part.
    pub(crate) fn options(&self) -> Result<Option<TraceOptions>, Failure> {
        let Some(url) = &self.otlp_url else { return Ok(None) };
        Ok(Some(TraceOptions::new(url, &self.service_name, self.ratio)?))
    }
}
