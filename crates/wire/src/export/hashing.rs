use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

/// What an exported file is.
#[derive(Debug, Clone)]
pub struct Digest {
    /// SHA-256 of its bytes, in lowercase hex.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// How many events it holds.
    pub events: u64,
}

/// Passes bytes on and hashes them.
pub struct HashingWriter<W> {
    out: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> HashingWriter<W> {
    /// Passes bytes on to `out`.
    pub fn new(out: W) -> Self {
        Self { out, hasher: Sha256::new(), bytes: 0 }
    }

    /// Where the bytes went, their hash in lowercase hex, and how many they were.
    pub fn finish(self) -> (W, String, u64) {
        let hash: [u8; 32] = self.hasher.finalize().into();
        let hex = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        (self.out, hex, self.bytes)
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
