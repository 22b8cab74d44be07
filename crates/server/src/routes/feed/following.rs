use std::io;
use std::time::Duration;
use std::vec;

use annals::{Delivery, JsonForm, PageRequest, Position, RecordedEvent, StoreError, Subscription};
use annals_auth::Caller;
use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Feed;
use super::frames::{self, Previous};
use crate::logs::OpenLog;
use crate::state::App;
use crate::telemetry::FeedsOpen;

/// So many events are read at a time, so that a client that does not take them holds few.
const EVENTS_MAX: usize = 200;

/// So many bytes of them.
const BYTES_MAX: usize = 128 << 10;

/// So many bytes are handed on at a time.
const CHUNK_BYTES: usize = 16 << 10;

/// A feed while somebody takes it. It is a part of its connection: when that is gone, so is the feed; when it takes
/// nothing, nothing is read.
pub(super) struct Following {
    subscription: Subscription,
    form: JsonForm,
    /// Whether events are left out, so that each says which came before it.
    is_filtered: bool,
    /// Events that were read and not yet told.
    waiting: vec::IntoIter<RecordedEvent>,
    /// The position of the last event that was told, or behind which the feed began.
    previous: Option<Position>,
    scanned: Option<Position>,
    heartbeat_interval: Duration,
    heartbeat_at: Instant,
    /// When the caller's credential ends.
    ends_at: Option<Instant>,
    stopping: watch::Receiver<bool>,
    has_begun: bool,
    /// Counts the feed while it is open.
    _open: FeedsOpen,
}

/// What a feed waits for.
enum News {
    Events(Delivery),
    /// Nothing came for a while.
    Quiet,
    /// The server stops, or the caller may not go on.
    End,
    Failed(StoreError),
}

impl Following {
    pub(super) fn new(log: &OpenLog, feed: Feed, app: &App, caller: &Caller) -> Self {
        let Feed { query, after, form } = feed;
        let is_filtered = !query.items.is_empty();
        let page = PageRequest { events_max: EVENTS_MAX, bytes_max: BYTES_MAX, ..PageRequest::default() };
        let (now, heartbeat_interval) = (Instant::now(), app.options.heartbeat_interval);
        let left = caller.expires().map(|end| end.as_micros().saturating_sub(app.now().as_micros()));
        Self {
            subscription: Subscription::of_newest(log.newest.clone(), query, after).in_pages_of(page),
            form,
            is_filtered,
            waiting: Vec::new().into_iter(),
            previous: after,
            scanned: after,
            heartbeat_interval,
            heartbeat_at: now + heartbeat_interval,
            ends_at: left
                .map(|micros| now + Duration::from_micros(u64::try_from(micros).unwrap_or_default())),
            stopping: app.stopping.clone(),
            has_begun: false,
            _open: app.metrics.feed(),
        }
    }

    /// The bytes of the feed, as they come.
    pub(super) fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::unfold(Some(self), async |following| {
            let mut following = following?;
            match following.next_chunk().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(following))),
                Ok(None) => None,
                Err(error) => {
                    tracing::error!(%error, "a feed could not go on");
                    Some((Err(io::Error::other("the feed could not go on")), None))
                }
            }
        })
    }

    /// What comes next; `None` at the end.
    async fn next_chunk(&mut self) -> Result<Option<Bytes>, StoreError> {
        let mut text = String::new();
        if !std::mem::replace(&mut self.has_begun, true) {
            return Ok(Some(frames::opening().into()));
        }
        while text.is_empty() {
            self.tell_waiting(&mut text);
            if !text.is_empty() {
                break;
            }
            match self.news().await {
                News::Events(delivery) => {
                    self.scanned = Some(delivery.scanned);
                    self.waiting = delivery.events.into_iter();
                }
                News::Quiet => {
                    frames::write_heartbeat(&mut text, self.scanned, self.previous);
                }
                News::End => return Ok(None),
                News::Failed(error) => return Err(error),
            }
        }
        self.heartbeat_at = Instant::now() + self.heartbeat_interval;
        Ok(Some(text.into()))
    }

    /// Writes events that were read, as many as fit into a chunk.
    fn tell_waiting(&mut self, text: &mut String) {
        while text.len() < CHUNK_BYTES
            && let Some(event) = self.waiting.next()
        {
            let previous = if self.is_filtered { Previous::At(self.previous) } else { Previous::IsPlain };
            frames::write_event(text, &event, self.form, previous);
            self.previous = Some(event.position);
        }
    }

    async fn news(&mut self) -> News {
        let ends_at = self.ends_at;
        let end = async move {
            match ends_at {
                Some(end) => sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            // Whether it is told or nobody can tell it any more, the server is over.
            _ = self.stopping.wait_for(|stops| *stops) => News::End,
            () = end => News::End,
            next = self.subscription.next() => next.map_or_else(News::Failed, News::Events),
            () = sleep_until(self.heartbeat_at) => News::Quiet,
        }
    }
}
