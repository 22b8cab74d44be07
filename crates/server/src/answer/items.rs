//! Lists, written as they are read, so that no answer is held in memory as a whole.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{streamed, typed};
use crate::access::Count;
use crate::problem::RequestError;

/// So many bytes are gathered before they are handed on.
const CHUNK_BYTES: usize = 64 << 10;

/// So many chunks wait for a client that reads slowly; then the reading waits.
const CHUNKS_WAITING_MAX: usize = 2;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Takes the items of a list: `{"items":[…],"next":…` and what its writer adds at the end.
pub(crate) struct ItemSink {
    text: String,
    is_empty: bool,
    count: Count,
    chunks: mpsc::Sender<Bytes>,
}

/// A list that is written, but for what is still to be handed on.
pub(crate) struct Finished(String);

/// What writes a list.
type Writing = JoinHandle<Result<Finished, RequestError>>;

/// A list that `write` writes. What goes wrong before the first chunk is full is answered as a problem; afterwards the
/// connection is cut, so that nobody takes a part for the whole.
///
/// # Errors
/// What `write` failed with, at the beginning.
pub(crate) async fn stream_items<Written>(
    write: impl FnOnce(ItemSink) -> Written,
) -> Result<Response, RequestError>
where
    Written: Future<Output = Result<Finished, RequestError>> + Send + 'static,
{
    let (chunks, mut waiting) = mpsc::channel(CHUNKS_WAITING_MAX);
    let count = Count::default();
    let text = String::from("{\"items\":[");
    let writing = tokio::spawn(write(ItemSink { text, is_empty: true, count: count.clone(), chunks }));
    let body = match waiting.recv().await {
        // All of it fits into one chunk.
        None => Body::from(ended(writing).await?.0),
        Some(first) => {
            let rest = stream::unfold(Some((waiting, writing)), next_chunk);
            streamed(stream::iter([Ok(first)]).chain(rest))
        }
    };
    let mut answer = typed(StatusCode::OK, JSON, body);
    answer.extensions_mut().insert(count);
    Ok(answer)
}

/// The next chunk of a list that is read, the last one when it is finished.
async fn next_chunk(
    reading: Option<(mpsc::Receiver<Bytes>, Writing)>,
) -> Option<(io::Result<Bytes>, Option<(mpsc::Receiver<Bytes>, Writing)>)> {
    let (mut waiting, writing) = reading?;
    if let Some(chunk) = waiting.recv().await {
        return Some((Ok(chunk), Some((waiting, writing))));
    }
    let last = ended(writing).await.map(|finished| Bytes::from(finished.0)).map_err(|error| {
        tracing::error!(%error, "an answer could not be finished");
        io::Error::other("the answer could not be finished")
    });
    Some((last, None))
}

async fn ended(writing: Writing) -> Result<Finished, RequestError> {
    writing.await.unwrap_or_else(|error| Err(RequestError::Failed { what: error.to_string() }))
}

impl ItemSink {
    /// Writes an item.
    ///
    /// # Errors
    /// [`RequestError::BodyCutOff`] when nobody reads any more.
    pub(crate) async fn item(&mut self, write: impl FnOnce(&mut String)) -> Result<(), RequestError> {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.text.push(',');
        }
        self.count.add(1);
        write(&mut self.text);
        if self.text.len() >= CHUNK_BYTES {
            let chunk = std::mem::replace(&mut self.text, String::with_capacity(CHUNK_BYTES));
            let gone = |_| RequestError::BodyCutOff { what: "nobody reads the answer any more".to_owned() };
            self.chunks.send(chunk.into()).await.map_err(gone)?;
        }
        Ok(())
    }

    /// Ends the list. `next` is where to go on, if there is anything more.
    pub(crate) fn finish(self, next: Option<&str>) -> Finished {
        self.finish_with(next, |_| ())
    }

    /// Ends the list, with further members, each of which begins with a comma.
    pub(crate) fn finish_with(self, next: Option<&str>, members: impl FnOnce(&mut String)) -> Finished {
        self.finish_without_next(|text| {
            text.push_str(",\"next\":");
            match next {
                Some(next) => annals::write_json_string(text, next),
                None => text.push_str("null"),
            }
            members(text);
        })
    }

    /// Ends a list that has no next page, with further members, each of which begins with a comma.
    pub(crate) fn finish_without_next(mut self, members: impl FnOnce(&mut String)) -> Finished {
        self.count.finish();
        self.text.push(']');
        members(&mut self.text);
        self.text.push('}');
        Finished(self.text)
    }
}
