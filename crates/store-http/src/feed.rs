//! Waiting for news: the server's live feed (server-sent events; WHATWG HTML, section 9.2).

use std::time::Duration;

use annals_store::StoreError;
use http_body_util::BodyExt as _;

use crate::store::HttpEventStore;

/// Before a feed that ended is asked for again.
const WAIT: Duration = Duration::from_millis(500);

impl HttpEventStore {
    /// Waits until the log holds more than `size` events, or the feed ends, or a while has passed: whoever waits looks again.
    ///
    /// # Errors
    /// [`StoreError`] when there is no feed to be had.
    pub(crate) async fn wait_for_news(&self, size: u64) -> Result<(), StoreError> {
        let after = size.checked_sub(1).map_or_else(String::new, |last| format!("?after={last}"));
        let mut feed = self.client.stream(&self.path(&format!("/feed{after}"))).await?;
        let mut seen = String::new();
        while let Some(Ok(frame)) = feed.frame().await {
            let Ok(data) = frame.into_data() else { continue };
            seen.push_str(&String::from_utf8_lossy(&data));
            while let Some((frame, rest)) = seen.split_once("\n\n") {
                if is_event(frame) {
                    return Ok(());
                }
                seen = rest.to_owned();
            }
        }
        tokio::time::sleep(WAIT).await;
        Ok(())
    }
}

/// Whether a frame is an event of the log, and no heartbeat or comment.
fn is_event(frame: &str) -> bool {
    let mut lines = frame.lines();
    !frame.contains("event: heartbeat") && lines.any(|line| line.starts_with("data:"))
}
