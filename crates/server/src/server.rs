use std::sync::Arc;

use annals::LogName;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use crate::access::{self, Recorder};
use crate::connection::{self, Answering, Listening};
use crate::error::ServerError;
use crate::live::{Live, ServerControl};
use crate::logs::{OpenLog, OpenLogs, ServedLog};
use crate::options::{AccessRecording, ServerOptions};
use crate::rates::Rates;
use crate::routes;
use crate::state::{App, AppParts};

/// How often it is looked whether the last request has let go of a log that is to be closed.
const LET_GO_INTERVAL: std::time::Duration = std::time::Duration::from_millis(20);

/// Serves logs over HTTP.
pub struct Server {
    live: Arc<Live>,
    /// Where the numbers are told apart from everything else.
    metrics: Option<TcpListener>,
    stop: watch::Sender<bool>,
}

impl Server {
    /// A server of these logs, one of which is called `main`.
    ///
    /// # Errors
    /// [`ServerError::NoMainLog`], [`ServerError::LogTwice`], [`ServerError::NoAccessLog`].
    pub fn new(logs: Vec<ServedLog>, options: ServerOptions) -> Result<Self, ServerError> {
        let (stop, stopping) = watch::channel(false);
        let logs = Arc::new(OpenLogs::new(logs)?);
        let access = recorder(&logs, options.access)?;
        let (metrics, exports, verifications) = Default::default();
        let rates = Arc::new(Rates::new(options.rates));
        let options = Arc::new(options);
        let parts = AppParts { logs, options, access, metrics, rates, exports, verifications, stopping };
        Ok(Self { metrics: None, live: Arc::new(Live::new(parts.into())), stop })
    }

    /// What answers requests, for tests and for programs that listen themselves.
    pub fn router(&self) -> Router {
        self.live.answering().borrow().router.clone()
    }

    /// What answers `/metrics` and nothing else, for a listener of its own that only those reach who may know. It asks nobody
    /// who she is, and holds no log open.
    pub fn metrics_router(&self) -> Router {
        routes::metrics_router(self.live.app().scraped())
    }

    /// The same server, which also tells its numbers on a listener of their own, in the clear, for as long as it serves.
    #[must_use]
    pub fn with_metrics_on(self, listener: TcpListener) -> Self {
        Self { metrics: Some(listener), ..self }
    }

    /// What changes how requests are answered while the server runs.
    pub fn control(&self) -> ServerControl {
        ServerControl::new(&self.live)
    }

    /// Answers requests until `stop` is done; then finishes those that it accepted, signs the logs and closes them.
    ///
    /// # Errors
    /// [`ServerError::KeylessBeyondLoopback`] at once; [`ServerError::Close`] or [`ServerError::StillUsed`] at the end,
    /// when everything else is closed.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        self.live.listens_on(listener.local_addr()?)?;
        let Self { live, metrics, stop: told } = self;
        let linger = live.app().options.limits.linger;
        let stop = async move {
            stop.await;
            told.send_replace(true);
            tokio::time::sleep(linger).await;
        };
        let apart = metrics.map(|listener| self::apart(listener, &live.app()));
        connection::serve(Listening { listener, answering: live.answering() }, stop).await;
        let AppParts { logs, options, access, exports, verifications, .. } = live.app().parts();
        drop((live, apart));
        exports.end();
        verifications.end();
        if let Some(access) = access {
            access.end().await;
        }
        close_all(logs, &options).await
    }
}

/// Tells the numbers on a listener of their own until the sender is dropped.
fn apart(listener: TcpListener, app: &App) -> oneshot::Sender<()> {
    let (end, ended) = oneshot::channel::<()>();
    let router = routes::metrics_router(app.scraped());
    let (_, answering) = watch::channel(Answering { router, limits: app.options.limits, tls: None });
    tokio::spawn(connection::serve(Listening { listener, answering }, async move {
        // Nothing is ever sent: it is dropped.
        let _ = ended.await;
    }));
    end
}

/// What records accesses in the log that is called so, if it is written here.
///
/// # Errors
/// [`ServerError::NoAccessLog`] where everything must be recorded.
fn recorder(logs: &OpenLogs, recording: AccessRecording) -> Result<Option<Arc<Recorder>>, ServerError> {
    let log = logs.iter().find(|log| log.name.as_str() == access::LOG && log.is_written_here());
    match (log, recording) {
        (Some(log), recording) => Ok(Some(Arc::new(Recorder::new(log.clone(), recording)))),
        (None, AccessRecording::WherePossible) => Ok(None),
        (None, AccessRecording::Always) => Err(ServerError::NoAccessLog),
    }
}

/// Closes every log, also when one of them cannot be; the first failure.
async fn close_all(logs: Arc<OpenLogs>, options: &ServerOptions) -> Result<(), ServerError> {
    let deadline = Instant::now() + options.limits.stop_within;
    let logs = let_go(logs, deadline).await.map_err(|_| ServerError::StillUsed { name: LogName::main() })?;
    let mut outcome = Ok(());
    for log in logs.into_logs() {
        let closed = close(log, deadline).await;
        if let Err(error) = &closed {
            tracing::error!(%error, "a log was not closed as it should be");
        }
        outcome = outcome.and(closed);
    }
    outcome
}

async fn close(log: Arc<OpenLog>, deadline: Instant) -> Result<(), ServerError> {
    let OpenLog { name, log, history, newest, .. } =
        let_go(log, deadline).await.map_err(|used| ServerError::StillUsed { name: used.name.clone() })?;
    drop((history, newest));
    match log.close().await {
        Ok(_) => Ok(()),
        Err(source) => Err(ServerError::Close { name, source: Box::new(source) }),
    }
}

/// What is shared, once nobody else has it any more; itself, if that takes too long.
async fn let_go<T>(mut shared: Arc<T>, deadline: Instant) -> Result<T, Arc<T>> {
    loop {
        shared = match Arc::try_unwrap(shared) {
            Ok(alone) => return Ok(alone),
            Err(shared) if Instant::now() > deadline => return Err(shared),
            Err(shared) => shared,
        };
        tokio::time::sleep(LET_GO_INTERVAL).await;
    }
}
