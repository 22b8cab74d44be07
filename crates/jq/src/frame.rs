//! Length-prefixed frames and the primitives in them.
//!
//! A frame is its body's length as eight little-endian bytes, and the body. In a body, numbers are eight
//! little-endian bytes too, and texts are a length and that many bytes. The pipe never leaves the machine, so the
//! format needs no compactness, but it must be quick to make and to read.

use std::io::{self, Read};

const LENGTH_BYTES: usize = 8;

/// No frame is longer: a larger length means that the other side is not a worker.
const FRAME_BYTES_MAX: u64 = 4 << 30;

/// A frame is longer, shorter or otherwise than its kind demands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a frame is malformed: {0}")]
pub(crate) struct Malformed(pub(crate) &'static str);

/// A frame that is being written; the length stands at its start from the beginning.
pub(crate) struct FrameBuilder {
    bytes: Vec<u8>,
}

impl FrameBuilder {
    pub(crate) fn new() -> Self {
        Self { bytes: vec![0; LENGTH_BYTES] }
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(crate) fn number(&mut self, number: u64) {
        put_number(&mut self.bytes, number);
    }

    pub(crate) fn text(&mut self, text: &[u8]) {
        put_text(&mut self.bytes, text);
    }

    /// Bytes that are encoded already.
    pub(crate) fn encoded(&mut self, encoded: &[u8]) {
        self.bytes.extend_from_slice(encoded);
    }

    /// The whole frame, to be written at once.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let body_len = (self.bytes.len() - LENGTH_BYTES) as u64;
        for (place, byte) in self.bytes.iter_mut().zip(body_len.to_le_bytes()) {
            *place = byte;
        }
        self.bytes
    }
}

pub(crate) fn put_number(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

pub(crate) fn put_text(bytes: &mut Vec<u8>, text: &[u8]) {
    put_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text);
}

/// What is left of a frame's body.
pub(crate) struct FrameReader<'a> {
    rest: &'a [u8],
}

impl<'a> FrameReader<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        let (byte, rest) = self.rest.split_first().ok_or(Malformed("it ends before a byte"))?;
        self.rest = rest;
        Ok(*byte)
    }

    pub(crate) fn number(&mut self) -> Result<u64, Malformed> {
        let (number, rest) = self.rest.split_first_chunk().ok_or(Malformed("it ends within a number"))?;
        self.rest = rest;
        Ok(u64::from_le_bytes(*number))
    }

    /// A number that counts things in memory.
    pub(crate) fn size(&mut self) -> Result<usize, Malformed> {
        usize::try_from(self.number()?).map_err(|_| Malformed("a size exceeds the address space"))
    }

    pub(crate) fn text(&mut self) -> Result<&'a [u8], Malformed> {
        let len = self.size()?;
        let (text, rest) = self.rest.split_at_checked(len).ok_or(Malformed("it ends within a text"))?;
        self.rest = rest;
        Ok(text)
    }

    pub(crate) fn string(&mut self) -> Result<String, Malformed> {
        let text = std::str::from_utf8(self.text()?).map_err(|_| Malformed("a text is not UTF-8"))?;
        Ok(text.to_owned())
    }

    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed("it is longer than its content")) }
    }
}

/// Reads the body of the next frame; `None` when the other side closed its end between two frames.
pub(crate) fn read_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::with_capacity(LENGTH_BYTES);
    input.by_ref().take(LENGTH_BYTES as u64).read_to_end(&mut length)?;
    if length.is_empty() {
        return Ok(None);
    }
    let length = length.try_into().map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let length = u64::from_le_bytes(length);
    if length > FRAME_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame claims {length} bytes")));
    }
    // The buffer grows with what arrives, so that a false length alone does not take memory.
    let mut body = Vec::with_capacity(length.min(1 << 20) as usize);
    input.by_ref().take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_was_built_and_then_the_end() {
        let mut builder = FrameBuilder::new();
        builder.byte(7);
        builder.number(u64::MAX);
        builder.text("ä".as_bytes());
        let frame = builder.finish();
        let mut input = frame.as_slice();
        let body = read_frame(&mut input).unwrap().unwrap();
        let mut reader = FrameReader::new(&body);
        assert_eq!(reader.byte(), Ok(7));
        assert_eq!(reader.number(), Ok(u64::MAX));
        assert_eq!(reader.string(), Ok("ä".to_owned()));
        assert_eq!(reader.end(), Ok(()));
        assert!(read_frame(&mut input).unwrap().is_none());
    }

    #[test]
    fn refuses_a_truncated_frame_and_an_absurd_length() {
        assert!(read_frame(&mut &[5, 0, 0, 0, 0, 0, 0, 0, 1][..]).is_err());
        assert!(read_frame(&mut &[5, 0, 0][..]).is_err());
        assert!(read_frame(&mut &b"usage: annals [COMMAND]"[..]).is_err());
        assert!(FrameReader::new(&[9, 0, 0, 0, 0, 0, 0, 0, b'x']).text().is_err());
    }
}
