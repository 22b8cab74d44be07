//! The time of recording as it stands in leaf entries, formatted once for a whole group of events.

use std::fmt::{self, Write};

use annals_event::Timestamp;

/// The length of `2026-11-20T10:30:00.004211Z`; years have four digits.
const LEN: usize = 27;

/// A time with six fraction digits and `Z`, kept without an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedAtText {
    bytes: [u8; LEN],
    len: usize,
}

impl RecordedAtText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl From<Timestamp> for RecordedAtText {
    fn from(recorded_at: Timestamp) -> Self {
        let mut text = Self { bytes: [0; LEN], len: 0 };
        // A Timestamp lies in the years 0001 to 9999 and so always has this length.
        let _ = write!(text, "{recorded_at}");
        text
    }
}

impl Write for RecordedAtText {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let end = self.len + piece.len();
        let place = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        place.copy_from_slice(piece.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_microsecond_fit() {
        for text in ["0001-01-01T00:00:00.000000Z", "9999-12-30T22:00:00.000000Z"] {
            let timestamp: Timestamp = text.parse().unwrap();
            assert_eq!(RecordedAtText::from(timestamp).as_str(), text);
        }
    }
}
