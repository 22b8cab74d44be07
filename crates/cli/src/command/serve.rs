use std::net::SocketAddr;
use std::sync::Arc;

use annals::SystemClock;
use annals_auth::Authenticator;
use annals_connect::Validate;
use annals_server::{ServedLog, Server, ServerError, ServerOptions};
use clap::Args;
use tokio::net::TcpListener;

use crate::failure::Failure;
use crate::shell::Shell;

/// Serve the store's logs over HTTP
///
/// Answers the questions of this program as a web service, with the same JSON, and takes appends; /openapi.json
/// describes it, /docs shows that, and the checkpoint and the tiles at the root let anybody check the log. It is the
/// one process that writes the logs; other commands read them beside it.
///
/// Who may ask is configured in auth ('annals config example' explains it). Without a key it listens on this machine
/// only, and everybody on it may do everything.
///
/// It runs until Ctrl-C or SIGTERM, and then finishes what it accepted, signs the logs and closes them.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where it listens, as in 0.0.0.0:4720; port 0 takes one that is free [default: server.listen, 127.0.0.1:4720]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

/// Serves until somebody ends it.
pub(crate) async fn run(args: ServeArgs, shell: &Shell) -> Result<(), Failure> {
    let config = &shell.config;
    let address = args.listen.unwrap_or(config.server.listen);
    let auth = config.auth.options(&config.sign_in)?;
    let auth = auth.map(|options| Authenticator::new(&options, Arc::new(SystemClock))).transpose()?;
    if auth.is_none() && !address.ip().is_loopback() {
        return Err(ServerError::KeylessBeyondLoopback { address }.into());
    }
    let options = ServerOptions { auth, ..options(shell)? };
    let known_by = options.auth.clone();
    // Before a log is opened: where something listens already, it is probably the log's writer.
    let listener = listen(address).await?;
    let mut logs = Vec::new();
    for name in config.server.log_names()? {
        let (log, history) = shell.open_to_serve(&name).await?;
        logs.push(ServedLog { name, log, history });
    }
    if let Some(auth) = &known_by
        && let Err(error) = auth.prepare().await
    {
        tracing::warn!(%error, "nobody can be let in until the keys are there");
    }
    let names: Vec<String> = logs.iter().map(|log| log.name.to_string()).collect();
    let server = Server::new(logs, options)?;
    shell.console.remark(&format!("serving {} at http://{}", names.join(", "), listener.local_addr()?));
    if known_by.is_none() {
        shell.console.remark("no key is configured: everybody on this machine may do everything");
    }
    server.serve(listener, asked_to_stop()).await?;
    shell.console.remark("stopped: what was accepted is stored, signed and closed");
    Ok(())
}

/// How a server answers, as far as that does not depend on who asks.
///
/// # Errors
/// [`Failure`] when a JSON Schema cannot be used.
pub(crate) fn options(shell: &Shell) -> Result<ServerOptions, Failure> {
    let check: Arc<dyn Validate> = Arc::new(shell.config.validation.check()?);
    Ok(ServerOptions {
        limits: shell.config.server.limits(),
        zone: shell.console.zone.rules().clone(),
        checks: vec![check],
        ..ServerOptions::default()
    })
}

/// Listens, and says where that was to be if it cannot.
///
/// # Errors
/// [`Failure::Listen`].
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|source| Failure::Listen { address, source })
}

/// Done when somebody presses Ctrl-C or ends the process with SIGTERM.
pub(crate) async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Where there is no way to be told, there is none to end in good order either.
    if interrupted.await.is_err() {
        std::future::pending::<()>().await;
    }
}
