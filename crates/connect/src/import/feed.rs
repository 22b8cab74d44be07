use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc::Sender;

use super::batch::{Batch, Chunk};
use super::mapper::Mapper;
use crate::record::{DecodeError, Format, RecordReader, decompressed};

/// What comes from the thread that reads and maps.
pub(super) enum Fed {
    /// The next records.
    Batch(Batch),
    /// The source is at its end: all batches were handed over.
    End,
    /// The source cannot be read further than this line.
    Broken { line: u64, error: DecodeError },
}

/// Reads, decodes and maps `input` to its end, or until nobody listens any more. Runs on a thread of its own.
pub(super) fn feed(input: impl Read + Send + 'static, format: Format, mut mapper: Mapper, out: &Sender<Fed>) {
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted = Counted { input, bytes_read: Arc::clone(&bytes_read) };
    let last = match decompressed(counted) {
        Err(error) => Fed::Broken { line: 0, error: error.into() },
        Ok(input) => {
            let mut reader = RecordReader::new(input, format);
            loop {
                let mut chunk = Chunk::default();
                let end = fill(&mut chunk, &mut reader);
                let records = mapper.map(chunk);
                let bytes_read = bytes_read.load(Ordering::Relaxed);
                // Nobody listens any more when the import was given up.
                if out.blocking_send(Fed::Batch(Batch { records, bytes_read })).is_err() {
                    return;
                }
                if let Some(end) = end {
                    break end;
                }
            }
        }
    };
    // As above.
    let _ = out.blocking_send(last);
}

/// Reads until the chunk is full; what ends the source before that.
fn fill<R: io::BufRead>(chunk: &mut Chunk, reader: &mut RecordReader<R>) -> Option<Fed> {
    while !chunk.is_full() {
        match reader.next_decoded() {
            Ok(Some(decoded)) => chunk.push(decoded),
            Ok(None) => return Some(Fed::End),
            Err(error) => return Some(Fed::Broken { line: reader.line(), error }),
        }
    }
    None
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
