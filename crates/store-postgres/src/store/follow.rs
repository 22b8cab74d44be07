use std::sync::{Arc, PoisonError};
use std::time::Duration;

use annals_store::Head;
use tokio::sync::{Notify, watch};

use super::Shared;
use super::housekeeping::channel;
use crate::connection::{Connector, Pool};
use crate::errors::{Failure, Result, closed};
use crate::writer::{read_head, tell};

/// How often whoever waits looks for itself whether another process has appended.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The pause before a listener that lost its connection connects again.
const PAUSE: Duration = Duration::from_secs(1);

impl Shared {
    /// The state after the last commit of any process.
    pub(super) async fn read_head(&self) -> Result<Head> {
        let row = read_head(&*self.pool.take().await?).await?;
        self.tail.learn_sealed(row.sealed);
        let head = row.head();
        tell(&self.head, head);
        Ok(head)
    }

    /// Waits until the log holds more than `size` events.
    pub(super) async fn grown(&self, size: u64) -> Result<Head> {
        let mut known = self.head.subscribe();
        self.listen();
        loop {
            let head = *known.borrow_and_update();
            if head.size > size {
                return Ok(head);
            }
            let head = self.read_head().await?;
            if head.size > size {
                return Ok(head);
            }
            if let Ok(changed) =
                tokio::time::timeout(LOOK_EVERY, known.wait_for(|head| head.size > size)).await
            {
                return changed.map(|head| *head).map_err(|_| closed());
            }
        }
    }

    /// Has one task listen to what other processes tell, from the first time that somebody waits.
    fn listen(&self) {
        let mut is_listening = self.is_listening.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut *is_listening, true) {
            let (connector, pool) = (Arc::clone(&self.connector), Arc::clone(&self.pool));
            self.begin_task(listen(connector, pool, self.head.clone()));
        }
    }
}

/// Reads the head whenever another process tells that the log has grown, until the store closes.
async fn listen(connector: Arc<Connector>, pool: Arc<Pool>, head: watch::Sender<Head>) {
    loop {
        if let Err(failure) = listen_once(&connector, &pool, &head).await {
            tracing::debug!(error = %failure.error, "other processes are not heard at the moment");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn listen_once(
    connector: &Connector,
    pool: &Pool,
    head: &watch::Sender<Head>,
) -> std::result::Result<(), Failure> {
    let heard = Arc::new(Notify::new());
    let session = connector.listen(Arc::clone(&heard)).await?;
    session.run(&format!("LISTEN {}", channel(&connector.location().schema))).await?;
    while !session.is_closed() {
        tell(head, read_newest(pool).await?);
        heard.notified().await;
    }
    Ok(())
}

async fn read_newest(pool: &Pool) -> std::result::Result<Head, Failure> {
    Ok(read_head(&*pool.take().await?).await?.head())
}
