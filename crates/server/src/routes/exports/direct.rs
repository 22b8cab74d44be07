use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use annals::{EventReader, JsonForm, ReadOptions};
use annals_wire::{ExportRecord, RecordWriter};
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;

use super::order::{attachment, media_type};
use crate::access::Count;
use crate::answer::{streamed, typed};
use crate::jobs::{ExportOrder, export_page};
use crate::problem::RequestError;

/// So many chunks, one for each page of events, wait for a client that reads slowly; then the reading waits.
const CHUNKS_WAITING_MAX: usize = 2;

type Chunks = mpsc::Sender<io::Result<Bytes>>;

/// The answer that streams an export.
///
/// # Errors
/// [`RequestError::Store`] when the log cannot be read at the beginning.
pub(super) async fn stream(order: ExportOrder) -> Result<Response, RequestError> {
    let size = order.log.events().head().await?.size;
    let (format, name, count) = (order.format, order.name.clone(), Count::default());
    let (chunks, waiting) = mpsc::channel(CHUNKS_WAITING_MAX);
    let counted = count.clone();
    tokio::spawn(async move {
        if let Err(error) = write(order, size, &chunks, &counted).await {
            tracing::error!(%error, "an export could not be finished");
            let cut = io::Error::other("the export could not be finished");
            // Where nobody reads any more, there is nobody to be told.
            let _ = chunks.send(Err(cut)).await;
        }
    });
    let chunks = stream::unfold(waiting, async |mut waiting| Some((waiting.recv().await?, waiting)));
    let mut answer = typed(StatusCode::OK, media_type(format), streamed(chunks));
    answer.headers_mut().insert(CONTENT_DISPOSITION, attachment(&name));
    answer.extensions_mut().insert(count);
    Ok(answer)
}

/// Hands on every event, until nobody takes them any more.
async fn write(order: ExportOrder, size: u64, chunks: &Chunks, count: &Count) -> Result<(), RequestError> {
    let ExportOrder { log, query, format, mut redactions, .. } = order;
    let spill = Spill::default();
    let mut records = RecordWriter::new(spill.clone(), format, JsonForm::Embedded);
    let failed = |error: io::Error| RequestError::Failed { what: error.to_string() };
    let options = ReadOptions { size: Some(size), ..ReadOptions::default() };
    let mut reader = EventReader::new(log.events(), query, options);
    while let Some(page) = reader.next_page().await? {
        export_page(&mut records, &page, &mut redactions).map_err(failed)?;
        count.add(page.len() as u64);
        if hand_on(&spill, chunks).await == Reader::IsGone {
            return Ok(());
        }
    }
    records.finish::<ExportRecord<'_>>().map_err(failed)?;
    count.finish();
    hand_on(&spill, chunks).await;
    Ok(())
}

/// Whether anybody still takes the export.
#[derive(PartialEq, Eq)]
enum Reader {
    IsThere,
    IsGone,
}

/// Hands on what was written, if anything: an empty chunk would be the end of the answer.
async fn hand_on(spill: &Spill, chunks: &Chunks) -> Reader {
    let chunk = spill.take();
    match chunk.is_empty() || chunks.send(Ok(chunk)).await.is_ok() {
        true => Reader::IsThere,
        false => Reader::IsGone,
    }
}

/// What was written and not yet handed on.
#[derive(Clone, Default)]
struct Spill(Arc<Mutex<Vec<u8>>>);

impl Spill {
    /// Takes it. For what is written next, there is room for as much: pages are of about the same length, and what grows bit by
    /// bit is copied again and again.
    fn take(&self) -> Bytes {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = Vec::with_capacity(written.len() + written.len() / 8);
        std::mem::replace(&mut *written, room).into()
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
