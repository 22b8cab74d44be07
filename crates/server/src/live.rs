//! A server while it runs: how it answers can be changed without a connection noticing.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use tokio::sync::watch;

use crate::connection::Answering;
use crate::error::ServerError;
use crate::options::ServerOptions;
use crate::routes;
use crate::state::App;

/// A server that may be running.
pub(crate) struct Live {
    app: Mutex<App>,
    /// Changed only while `app` is locked, so that the two are one.
    answering: watch::Sender<Answering>,
    /// Where it listens, once it does.
    address: OnceLock<SocketAddr>,
}

impl Live {
    pub(crate) fn new(app: App) -> Self {
        let answering = watch::Sender::new(answering(&app));
        Self { app: Mutex::new(app), answering, address: OnceLock::new() }
    }

    /// What the handlers use at the moment.
    pub(crate) fn app(&self) -> App {
        self.lock().clone()
    }

    /// How requests are answered, now and whenever that changes.
    pub(crate) fn answering(&self) -> watch::Receiver<Answering> {
        self.answering.subscribe()
    }

    /// Notes where the server listens.
    ///
    /// # Errors
    /// [`ServerError::KeylessBeyondLoopback`].
    pub(crate) fn listens_on(&self, address: SocketAddr) -> Result<(), ServerError> {
        must_have_a_key(&self.lock().options, address)?;
        // A server is served once.
        let _ = self.address.set(address);
        Ok(())
    }

    fn change(&self, options: ServerOptions) -> Result<(), ServerError> {
        if let Some(address) = self.address.get() {
            must_have_a_key(&options, *address)?;
        }
        let mut app = self.lock();
        *app = app.with_options(options);
        self.answering.send_replace(answering(&app));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, App> {
        // Nothing that is done with it can leave it half done.
        self.app.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answering(app: &App) -> Answering {
    let ServerOptions { limits, tls, .. } = &*app.options;
    Answering { router: routes::router(app.clone()), limits: *limits, tls: tls.clone() }
}

/// Without a key everybody may do everything, and so only this machine may ask.
fn must_have_a_key(options: &ServerOptions, address: SocketAddr) -> Result<(), ServerError> {
    if options.auth.is_none() && !address.ip().is_loopback() {
        return Err(ServerError::KeylessBeyondLoopback { address });
    }
    Ok(())
}

/// Changes how a server answers while it runs. It keeps nothing of the server alive.
#[derive(Clone)]
pub struct ServerControl(Weak<Live>);

impl ServerControl {
    pub(crate) fn new(live: &Arc<Live>) -> Self {
        Self(Arc::downgrade(live))
    }

    /// Has every request that comes from now on answered as `options` say, on open connections too; what is under way
    /// ends as it began. What stays as it was at the start: [`crate::RequestLimits::connections_max`],
    /// [`ServerOptions::access`], [`ServerOptions::clock`], and the limits of time of connections that are open.
    ///
    /// A server that has stopped is not changed.
    ///
    /// # Errors
    /// [`ServerError::KeylessBeyondLoopback`], and nothing is changed.
    pub fn change(&self, options: ServerOptions) -> Result<(), ServerError> {
        self.0.upgrade().map_or(Ok(()), |live| live.change(options))
    }
}
