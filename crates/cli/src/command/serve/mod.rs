mod logging;
mod reloading;

use std::net::SocketAddr;
use std::sync::Arc;

use annals::{LogName, SystemClock};
use annals_auth::Authenticator;
use annals_connect::Validate;
use annals_server::{ACCESS_LOG, ServedLog, Server, ServerError, ServerOptions};
use clap::Args;
use tokio::net::TcpListener;

use crate::config::{LogForm, TlsFiles};
use crate::failure::Failure;
use crate::global::Global;
use crate::shell::Shell;

use reloading::{HangUps, Reloading};

/// Serve the store's logs over HTTP
///
/// Answers the questions of this program as a web service, with the same JSON, and takes appends; /openapi.json
/// describes it, /docs shows that, and the checkpoint and the tiles at the root let anybody check the log. It is the
/// one process that writes the logs; other commands read them beside it. Who asks what is recorded too, in the log
/// access, which is a log like any other.
///
/// Who may ask is configured in auth ('annals config example' explains it). Without a key it listens on this machine
/// only, and everybody on it may do everything.
///
/// With a certificate (server.tls) it speaks TLS and nothing else. SIGHUP has it read its configuration again; what it
/// cannot use leaves everything as it was.
///
/// It runs until Ctrl-C or SIGTERM, and then finishes what it accepted, signs the logs and closes them.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where it listens, as in 0.0.0.0:4720; port 0 takes one that is free [default: server.listen, 127.0.0.1:4720]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

/// Serves until somebody ends it.
pub(crate) async fn run(args: ServeArgs, global: &Global) -> Result<(), Failure> {
    let shell = Shell::new(global)?;
    let config = &shell.config;
    let traces = logging::begin(&config.server)?;
    let address = args.listen.unwrap_or(config.server.listen);
    let (mut reloading, options) = Reloading::begin(global, &shell, address)?;
    let known_by = options.auth.clone();
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let (stop, hang_ups) = (asked_to_stop(), HangUps::new());
    // Before a log is opened: where something listens already, it is probably the log's writer.
    let listener = listen(address).await?;
    let metrics = match config.server.metrics.listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let logs = open(log_names(&shell)?, &shell).await?;
    if let Some(auth) = &known_by
        && let Err(error) = auth.prepare().await
    {
        tracing::warn!(%error, "nobody can be let in until the keys are there");
    }
    let names: Vec<String> = logs.iter().map(|log| log.name.to_string()).collect();
    let mut server = Server::new(logs, options)?;
    say(&format!("serving {} at {scheme}://{}", names.join(", "), listener.local_addr()?), &shell);
    if known_by.is_none() {
        say("no key is configured: everybody on this machine may do everything", &shell);
    }
    if let Some(metrics) = metrics {
        say(&format!("telling numbers at http://{}/metrics", metrics.local_addr()?), &shell);
        server = server.with_metrics_on(metrics);
    }
    let control = server.control();
    tokio::select! {
        served = server.serve(listener, stop) => served?,
        () = reloading.follow(hang_ups, &control) => {}
    }
    if let Some(traces) = traces {
        traces.end().await;
    }
    say("stopped: what was accepted is stored, signed and closed", &shell);
    Ok(())
}

/// Tells people what happens, or programs where they read along.
fn say(what: &str, shell: &Shell) {
    match shell.config.server.logging.format {
        LogForm::Text => shell.console.remark(what),
        LogForm::Json => tracing::info!("{what}"),
    }
}

/// The logs that are to be served.
///
/// # Errors
/// [`Failure::Server`] when `main` is not among them, or none is in which accesses are recorded though all must be.
pub(crate) fn log_names(shell: &Shell) -> Result<Vec<LogName>, Failure> {
    let names = shell.config.server.log_names()?;
    if !names.contains(&LogName::main()) {
        return Err(ServerError::NoMainLog.into());
    }
    if shell.config.access.strict && !names.iter().any(|name| name.as_str() == ACCESS_LOG) {
        return Err(ServerError::NoAccessLog.into());
    }
    Ok(names)
}

/// Opens every log, or none: where one cannot be opened, those that were are closed as they should be.
async fn open(names: Vec<LogName>, shell: &Shell) -> Result<Vec<ServedLog>, Failure> {
    let mut logs = Vec::new();
    for name in names {
        match shell.open_to_serve(&name).await {
            Ok((log, history)) => logs.push(ServedLog { name, log, history }),
            Err(failure) => {
                for ServedLog { log, .. } in logs {
                    shell.close(log).await?;
                }
                return Err(failure);
            }
        }
    }
    Ok(logs)
}

/// How callers of a server at an address are known; `None` where nobody is, which is possible on this machine only. What
/// was given to browsers `before` stays good.
///
/// # Errors
/// [`Failure::Auth`] when what is configured cannot be used, and [`Failure::Server`] when a key is needed.
fn authenticator(
    address: SocketAddr,
    before: Option<&Authenticator>,
    shell: &Shell,
) -> Result<Option<Authenticator>, Failure> {
    let options = shell.config.auth.options(&shell.config.sign_in)?;
    let clock = Arc::new(SystemClock);
    let auth = match (options, before) {
        (None, _) => None,
        (Some(options), None) => Some(Authenticator::new(&options, clock)?),
        (Some(options), Some(before)) => Some(before.succeeded_by(&options, clock)?),
    };
    if auth.is_none() && !address.ip().is_loopback() {
        return Err(ServerError::KeylessBeyondLoopback { address }.into());
    }
    if auth.is_none() && !shell.config.server.allowed_origins.is_empty() {
        let what = "without a key everybody may do everything, so no page of another site may ask";
        return Err(Failure::usage(what, "configure a key (see auth), or take server.allowed_origins away"));
    }
    Ok(auth)
}

/// How a server answers and whom, and the files of its certificate.
///
/// # Errors
/// [`Failure`] when something that is configured for it cannot be used.
pub(crate) fn all_options(
    shell: &Shell,
    address: SocketAddr,
    before: Option<&Authenticator>,
) -> Result<(ServerOptions, Option<TlsFiles>), Failure> {
    let config = &shell.config.server;
    let (files, allowed_origins) = (config.tls.files()?, config.site_origins()?);
    let options = ServerOptions {
        auth: authenticator(address, before, shell)?,
        tls: files.as_ref().map(TlsFiles::identity).transpose()?,
        transport: config.transport(),
        rates: config.rates.limits(),
        allowed_origins,
        ..options(shell)?
    };
    Ok((options, files))
}

/// How a server answers, wherever it is and whoever asks.
///
/// # Errors
/// [`Failure`] when a JSON Schema cannot be used.
pub(crate) fn options(shell: &Shell) -> Result<ServerOptions, Failure> {
    let check: Arc<dyn Validate> = Arc::new(shell.config.validation.check()?);
    Ok(ServerOptions {
        access: shell.config.access.recording(),
        limits: shell.config.server.limits(),
        zone: shell.console.zone.rules().clone(),
        checks: vec![check],
        pages: annals_ui::files(),
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

/// Done when somebody presses Ctrl-C or ends the process with SIGTERM, which no longer end it by themselves from now on.
#[cfg(unix)]
pub(crate) fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let [interrupted, terminated] = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        tokio::select! {
            () = received(interrupted) => {}
            () = received(terminated) => {}
        }
    }
}

/// Done when a signal comes; never where there is no way to be told.
#[cfg(unix)]
async fn received(signal: std::io::Result<tokio::signal::unix::Signal>) {
    if let Ok(mut signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    std::future::pending().await
}

/// Done when somebody presses Ctrl-C; never where there is no way to be told.
#[cfg(not(unix))]
pub(crate) async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
