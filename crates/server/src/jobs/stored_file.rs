use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, stream};

/// So many bytes are read at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// A file without a name, which is gone with the last who holds it, and with the process.
#[derive(Clone)]
pub(crate) struct StoredFile(Arc<Mutex<File>>);

impl StoredFile {
    pub(super) fn new(file: File) -> Self {
        Self(Arc::new(Mutex::new(file)))
    }

    /// Its bytes from the beginning. Several may read at a time.
    pub(crate) fn bytes(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::try_unfold((self.clone(), 0), async |(file, offset)| {
            let reader = file.clone();
            let read = tokio::task::spawn_blocking(move || reader.chunk_at(offset)).await;
            let chunk = read.map_err(io::Error::other)??;
            let next = offset + chunk.len() as u64;
            Ok((!chunk.is_empty()).then_some((chunk, (file, next))))
        })
    }

    fn chunk_at(&self, offset: u64) -> io::Result<Bytes> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        (&mut *file).take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
        Ok(chunk.into())
    }
}
