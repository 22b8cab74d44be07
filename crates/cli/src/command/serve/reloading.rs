use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use annals_server::{ServerControl, ServerOptions};

use super::all_options;
use crate::config::{TlsConfig, TlsFiles};
use crate::failure::Failure;
use crate::global::Global;
use crate::shell::Shell;

/// How often it is looked whether there is another certificate. Whoever renews one does so days before it is needed.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// What can be changed while a server runs: keys, or all keys of a section where it ends with a dot.
const CHANGEABLE: [&str; 15] = [
    "auth.",
    "sign_in.",
    "validation.",
    "output.",
    "server.tls.",
    "server.rates.",
    "server.body_bytes",
    "server.line_bytes",
    "server.answer_seconds",
    "server.head_seconds",
    "server.send_seconds",
    "server.stop_seconds",
    "server.linger_seconds",
    "server.allowed_origins",
    "server.proxied_tls",
];

/// What a server was started or changed with, to tell what is new.
pub(super) struct Reloading<'a> {
    global: &'a Global,
    address: SocketAddr,
    /// The configuration's keys and values as they were when the server was started or changed.
    settings: BTreeMap<&'static str, String>,
    options: ServerOptions,
    tls: TlsConfig,
    files: Option<TlsFiles>,
    /// Files that were found and could not be used, which is said once.
    refused: Option<TlsFiles>,
}

impl<'a> Reloading<'a> {
    /// Notes what a server at `address` is started with, and gives it out.
    ///
    /// # Errors
    /// [`Failure`] when something that is configured cannot be used.
    pub(super) fn begin(
        global: &'a Global,
        shell: &Shell,
        address: SocketAddr,
    ) -> Result<(Self, ServerOptions), Failure> {
        let (options, files) = all_options(shell, address, None)?;
        let (settings, tls) = (settings(shell), shell.config.server.tls.clone());
        let reloading =
            Self { global, address, settings, options: options.clone(), tls, files, refused: None };
        Ok((reloading, options))
    }

    /// Changes the server when somebody asks for it, or its certificate has changed. Never done.
    pub(super) async fn follow(&mut self, mut asked: HangUps, control: &ServerControl) {
        loop {
            tokio::select! {
                () = asked.next() => self.read_configuration(control).await,
                () = tokio::time::sleep(LOOK_INTERVAL) => self.look_at_certificate(control),
            }
        }
    }

    /// Reads everything anew, and says what came of it.
    async fn read_configuration(&mut self, control: &ServerControl) {
        match self.reload(control).await {
            Ok(()) => tracing::info!("the configuration was read again and is in force"),
            Err(failure) => tracing::error!(
                code = failure.code(),
                "the configuration cannot be used, and the one before stays in force: {failure}"
            ),
        }
    }

    async fn reload(&mut self, control: &ServerControl) -> Result<(), Failure> {
        let shell = Shell::new(self.global)?;
        let (options, files) = all_options(&shell, self.address, self.options.auth.as_ref())?;
        if let Some(auth) = &options.auth
            && let Err(error) = auth.prepare().await
        {
            tracing::warn!(%error, "nobody can be let in until the keys are there");
        }
        control.change(options.clone())?;
        let settings = settings(&shell);
        for (key, value) in &settings {
            if self.settings.get(key) != Some(value) && !is_changeable(key) {
                tracing::warn!(
                    key,
                    "this has changed, and will be in force when the server is started again"
                );
            }
        }
        let tls = shell.config.server.tls.clone();
        *self =
            Self { global: self.global, address: self.address, settings, options, tls, files, refused: None };
        Ok(())
    }

    /// Takes another certificate when there is one. Files are written one after the other, so that they may not belong
    /// together for a moment.
    fn look_at_certificate(&mut self, control: &ServerControl) {
        // A file that is gone for a moment is being replaced.
        let Ok(Some(found)) = self.tls.files() else { return };
        if self.files.as_ref() == Some(&found) || self.refused.as_ref() == Some(&found) {
            return;
        }
        let changed = found.identity().and_then(|identity| {
            let options = ServerOptions { tls: Some(identity), ..self.options.clone() };
            control.change(options.clone())?;
            Ok(options)
        });
        match changed {
            Ok(options) => {
                tracing::info!("there is another certificate, and it is in force");
                (self.options, self.files, self.refused) = (options, Some(found), None);
            }
            Err(failure) => {
                tracing::error!(
                    code = failure.code(),
                    "there is another certificate, and the one before stays in force: {failure}"
                );
                self.refused = Some(found);
            }
        }
    }
}

fn settings(shell: &Shell) -> BTreeMap<&'static str, String> {
    shell.layers.settings().into_iter().map(|setting| (setting.path, setting.value)).collect()
}

fn is_changeable(key: &str) -> bool {
    CHANGEABLE.into_iter().any(|known| known == key || (known.ends_with('.') && key.starts_with(known)))
}

/// Requests to read the configuration again: SIGHUP, which no longer ends the process once there is one of these.
pub(super) struct HangUps {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl HangUps {
    /// Listens from now on.
    #[cfg(unix)]
    pub(super) fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self { signals: signal(SignalKind::hangup()).ok() }
    }

    /// There are none here.
    #[cfg(not(unix))]
    pub(super) fn new() -> Self {
        Self {}
    }

    /// Done when the next one comes; never where there is no way to be told.
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signals) = &mut self.signals
            && signals.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SECTIONS;

    #[test]
    fn what_can_be_changed_is_a_key_or_a_section() {
        let keys: Vec<&str> = SECTIONS.iter().flat_map(|section| section.keys).map(|key| key.path).collect();
        for known in CHANGEABLE {
            assert!(keys.iter().any(|key| *key == known || key.starts_with(known)), "{known}");
        }
        assert!(is_changeable("server.tls.key_file") && is_changeable("server.body_bytes"));
        assert!(!is_changeable("server.listen") && !is_changeable("store.location"));
    }
}
