use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connector::Connector;
use super::session::Session;
use crate::errors::{Failure, closed};
use crate::sql;

/// A bounded number of connections for whoever reads or keeps something.
pub(crate) struct Pool {
    connector: Arc<Connector>,
    idle: Idle,
    room: Arc<Semaphore>,
}

type Idle = Arc<Mutex<Vec<Arc<Session>>>>;

/// A connection on loan. It goes back to the pool unless it has ended, or stands inside a transaction.
pub(crate) struct Pooled {
    session: Arc<Session>,
    idle: Idle,
    is_in_transaction: bool,
    _room: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(connector: Arc<Connector>, sessions_max: usize) -> Self {
        let room = Arc::new(Semaphore::new(sessions_max.max(1)));
        Self { connector, idle: Idle::default(), room }
    }

    /// A connection; waits while all are on loan.
    pub(crate) async fn take(&self) -> Result<Pooled, Failure> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|_| closed())?;
        let session = match self.take_idle() {
            Some(session) => session,
            None => Arc::new(self.connector.connect().await?),
        };
        Ok(Pooled { session, idle: Arc::clone(&self.idle), is_in_transaction: false, _room: room })
    }

    fn take_idle(&self) -> Option<Arc<Session>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| idle.pop()).find(|session| !session.is_closed())
    }

    /// Gives out no more connections, and ends those that are idle.
    pub(crate) fn close(&self) {
        self.room.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Pooled {
    /// Begins a transaction. Whoever does not come to [`Self::commit`] ends the connection, and so the transaction.
    pub(crate) async fn begin(&mut self) -> Result<(), Failure> {
        self.is_in_transaction = true;
        self.run(sql::BEGIN).await
    }

    /// Commits the transaction.
    pub(crate) async fn commit(&mut self) -> Result<(), Failure> {
        self.run(sql::COMMIT).await?;
        self.is_in_transaction = false;
        Ok(())
    }
}

impl Deref for Pooled {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if !self.is_in_transaction && !self.session.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&self.session));
        }
    }
}
