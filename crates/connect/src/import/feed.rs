use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use annals_jq::WorkerError;
use tokio::sync::mpsc::Sender;

use super::batch::{Batch, Chunk};
use super::mapper::{Door, Mapper};
use crate::mapping::Mapping;
use crate::record::{DecodeError, Format, RecordReader, decompressed};

/// What comes from the thread that reads and maps.
pub(super) enum Fed {
    /// The next records.
    Batch(Batch),
    /// The source is at its end: all batches were handed over.
    End,
    /// The source cannot be read further than this line; what comes before it was handed over.
    Unreadable { line: u64, error: DecodeError },
    /// The program that maps cannot be run.
    Unmappable(WorkerError),
}

/// Reads, decodes and maps `input` to its end, or until nobody listens any more. Runs on a thread of its own.
pub(super) fn feed(
    input: impl Read + Send + 'static,
    format: Format,
    mapping: Mapping,
    door: Door,
    out: &Sender<Fed>,
) {
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted = Counted { input, bytes_read: Arc::clone(&bytes_read) };
    let last = match (decompressed(counted), Mapper::start(mapping, door)) {
        (Err(error), _) => Fed::Unreadable { line: 0, error: error.into() },
        (_, Err(error)) => Fed::Unmappable(error),
        (Ok(input), Ok(mapper)) => {
            let reader = RecordReader::new(input, format);
            Feeder { reader, mapper, bytes_read, out }.feed().unwrap_or_else(Fed::Unmappable)
        }
    };
    // Nobody listens any more when the import was given up.
    let _ = out.blocking_send(last);
}

struct Feeder<'a, R> {
    reader: RecordReader<R>,
    mapper: Mapper,
    bytes_read: Arc<AtomicU64>,
    out: &'a Sender<Fed>,
}

impl<R: BufRead> Feeder<'_, R> {
    /// Hands over batch after batch; why there are no more.
    fn feed(mut self) -> Result<Fed, WorkerError> {
        loop {
            let mut chunk = Chunk::default();
            let end = self.fill(&mut chunk);
            self.mapper.submit(chunk)?;
            while (end.is_some() || self.mapper.is_full())
                && let Some(records) = self.mapper.receive()?
            {
                let batch = Batch { records, bytes_read: self.bytes_read.load(Ordering::Relaxed) };
                if self.out.blocking_send(Fed::Batch(batch)).is_err() {
                    return Ok(Fed::End);
                }
            }
            if let Some(end) = end {
                return Ok(end);
            }
        }
    }

    /// Reads until the chunk is full; what ends the source before that.
    fn fill(&mut self, chunk: &mut Chunk) -> Option<Fed> {
        while !chunk.is_full() {
            match self.reader.next_decoded() {
                Ok(Some(decoded)) => chunk.push(decoded),
                Ok(None) => return Some(Fed::End),
                Err(error) => return Some(Fed::Unreadable { line: self.reader.line(), error }),
            }
        }
        None
    }
}

/// Counts what is read.
struct Counted<R> {
    input: R,
    bytes_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes_read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
