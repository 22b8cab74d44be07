use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Bytes that are read from a source at once.
const BUFFER_BYTES: usize = 64 << 10;

/// The first bytes of a gzip member (RFC 1952 section 2.3.1); no text starts with them.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A source's bytes, decompressed when they are gzip: all members, one behind the other.
///
/// The bytes tell, not a name, so that standard input is treated like a file.
///
/// # Errors
/// Those of `input`.
pub fn decompressed<R: Read + Send + 'static>(input: R) -> io::Result<Box<dyn BufRead + Send>> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
    let mut start = [0; GZIP_MAGIC.len()];
    let mut known = 0;
    // A pipe may give one byte at a time, so the start is read as far as it comes.
    while let Some(rest) = start.get_mut(known..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(count) => known += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let whole = io::Cursor::new(start).take(known as u64).chain(input);
    if start == GZIP_MAGIC {
        return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(whole))));
    }
    Ok(Box::new(whole))
}
