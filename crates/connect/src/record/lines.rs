use std::io::{self, BufRead, Read};

use super::RECORD_BYTES_KEPT;

/// The UTF-8 form of the byte-order mark, which some programs write at the start of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One line of a source, with its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    /// Its bytes; the first of them when it is too long.
    pub(super) bytes: Vec<u8>,
    /// Its true length in bytes.
    pub(super) length: u64,
}

impl Line {
    /// Whether it is longer than the limit, so that only its beginning is known.
    pub(super) fn is_cut(&self) -> bool {
        self.length > self.bytes.len() as u64
    }

    /// The bytes without `\n` or `\r\n`.
    pub(super) fn into_content(mut self) -> Vec<u8> {
        let length = content(&self.bytes).len();
        self.bytes.truncate(length);
        self.bytes
    }

    /// Whether there is nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        !self.is_cut() && self.bytes.trim_ascii().is_empty()
    }
}

/// A line's bytes without `\n` or `\r\n`.
pub(super) fn content(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// Reads line after line, of which none takes more memory than the limit.
pub(super) struct Lines<R> {
    input: R,
    number: u64,
    line_bytes_max: usize,
    returned: Option<Returned>,
}

/// Lines that were given back, to be read again. Their bytes stay together, since a line may be as short as one.
struct Returned {
    /// The number of the next of them.
    number: u64,
    bytes: Vec<u8>,
    /// Where the next of them starts in `bytes`.
    at: usize,
    /// The line behind all of these, perhaps too long to be kept whole.
    last: Option<Line>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, line_bytes_max: usize) -> Self {
        Self { input, number: 0, line_bytes_max, returned: None }
    }

    /// The last line that was read, 0 before the first.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn line_bytes_max(&self) -> usize {
        self.line_bytes_max
    }

    /// Gives back the lines that were read last, to be read before all others: the bytes of those from number
    /// `first` on, and one more line. None may be left that was given back before.
    pub(super) fn give_back(&mut self, first: u64, bytes: Vec<u8>, last: Option<Line>) {
        self.returned = Some(Returned { number: first, bytes, at: 0, last });
    }

    /// The next line; `None` at the end of the source.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.as_mut().and_then(Returned::next) {
            return Ok(Some(line));
        }
        self.returned = None;
        let mut bytes = Vec::new();
        let limit = self.line_bytes_max as u64;
        self.input.by_ref().take(limit).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let mut length = bytes.len() as u64;
        if length == limit && bytes.last() != Some(&b'\n') {
            length += self.input.skip_until(b'\n')? as u64;
            if length > limit {
                bytes.truncate(RECORD_BYTES_KEPT);
                bytes.shrink_to_fit();
            }
        }
        self.number += 1;
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
            length -= BYTE_ORDER_MARK.len() as u64;
        }
        Ok(Some(Line { number: self.number, bytes, length }))
    }

    /// The next line that is not blank.
    pub(super) fn next_with_content(&mut self) -> io::Result<Option<Line>> {
        while let Some(line) = self.next()? {
            if !line.is_blank() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

impl Returned {
    fn next(&mut self) -> Option<Line> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return self.last.take();
        }
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let bytes = rest.get(..length).unwrap_or_default().to_vec();
        let line = Line { number: self.number, bytes, length: length as u64 };
        self.at += length;
        self.number += 1;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], line_bytes_max: usize) -> Vec<(u64, String, bool)> {
        let mut lines = Lines::new(text, line_bytes_max);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let (number, is_cut) = (line.number, line.is_cut());
            found.push((number, String::from_utf8(line.into_content()).unwrap(), is_cut));
        }
        found
    }

    #[test]
    fn a_line_ends_with_or_without_a_carriage_return_or_with_the_source() {
        let expected = [(1, "a".to_owned(), false), (2, "b".to_owned(), false), (3, "c".to_owned(), false)];
        assert_eq!(lines(b"\xef\xbb\xbfa\r\nb\nc", 100), expected);
    }

    #[test]
    fn a_line_beyond_the_limit_is_cut_and_the_next_is_whole() {
        let text = format!("{}\nshort\n", "x".repeat(RECORD_BYTES_KEPT * 3));
        let found = lines(text.as_bytes(), RECORD_BYTES_KEPT * 2);
        assert_eq!(found, [(1, "x".repeat(RECORD_BYTES_KEPT), true), (2, "short".to_owned(), false)]);
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_whole() {
        let text = format!("{}\nb", "x".repeat(RECORD_BYTES_KEPT * 2));
        let found = lines(text.as_bytes(), RECORD_BYTES_KEPT * 2 + 1);
        assert!(found.iter().all(|(_, _, is_cut)| !is_cut));
        let at_the_end = "x".repeat(RECORD_BYTES_KEPT * 2);
        assert_eq!(lines(at_the_end.as_bytes(), at_the_end.len()), [(1, at_the_end.clone(), false)]);
    }
}
