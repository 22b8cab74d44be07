use std::io::{self, BufRead};

use super::lines::{Line, Lines};
use super::{Decoded, RECORD_BYTES_KEPT, Record, decode_text};
use crate::refusal::Refusal;

/// The record on the next line that is not blank.
pub(super) fn next(lines: &mut Lines<impl BufRead>) -> io::Result<Option<Decoded>> {
    let Some(line) = lines.next_with_content()? else { return Ok(None) };
    let number = line.number;
    if line.is_cut() {
        return Ok(Some(too_long(line, lines.line_bytes_max())));
    }
    let record = |text| Decoded::Record(Record::json(number, text));
    Ok(Some(decode_text(number, line.into_content(), record)))
}

/// What a line beyond the limit becomes.
pub(super) fn too_long(line: Line, bytes_max: usize) -> Decoded {
    let refusal = Refusal::TooLong { bytes: line.length, bytes_max, bytes_kept: RECORD_BYTES_KEPT };
    Decoded::Refused { line: line.number, refusal, bytes: line.bytes }
}
