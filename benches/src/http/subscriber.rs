use std::time::Instant;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::mpsc;

use super::client::Client;
use crate::error::{BenchError, Result};

/// From now on, every event.
const FEED: &str = "/v1/feed?after=now";

/// With this an event begins in a feed, and neither its opening nor a heartbeat does.
const EVENT: &[u8] = b"id: ";

/// Somebody who follows the log.
pub(super) struct Subscriber {
    /// Its feed ends with it.
    _client: Client,
    feed: Incoming,
}

impl Subscriber {
    /// Subscribes, and waits until the feed has begun.
    pub(super) async fn subscribe(mut client: Client) -> Result<Self> {
        let feed = client.open(FEED).await?;
        let mut subscriber = Self { _client: client, feed };
        subscriber.next().await?;
        Ok(subscriber)
    }

    /// Tells when each event came, until nobody wants to know.
    pub(super) async fn tell(mut self, came: mpsc::UnboundedSender<Result<Instant>>) {
        loop {
            let told = match self.next().await {
                Ok(Said::Event) => came.send(Ok(Instant::now())),
                Ok(Said::NothingNew) => Ok(()),
                Err(error) => {
                    let _ = came.send(Err(error));
                    return;
                }
            };
            if told.is_err() {
                return;
            }
        }
    }

    async fn next(&mut self) -> Result<Said> {
        loop {
            let ended = || BenchError::serving("a feed ended");
            let frame = self.feed.frame().await.ok_or_else(ended)?.map_err(BenchError::serving)?;
            if let Some(data) = frame.data_ref() {
                return Ok(if data.starts_with(EVENT) { Said::Event } else { Said::NothingNew });
            }
        }
    }
}

/// What a feed says.
enum Said {
    Event,
    NothingNew,
}
