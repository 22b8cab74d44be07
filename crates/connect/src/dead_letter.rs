use std::fmt;
use std::io::{self, Write};

use annals_event::write_json_string;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::refusal::Refusal;
use crate::source_name::SourceName;

/// A record that could not become an event, with everything that is needed to mend it and try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The source that it came from.
    pub source: SourceName,
    /// Its first line in the source, from 1.
    pub line: u64,
    /// Why it could not.
    pub refusal: Refusal,
    /// The record's bytes, without the end of its line.
    pub record: Vec<u8>,
}

impl DeadLetter {
    /// Writes the letter as one line of JSON: `source`, `line`, `code`, `reason`, and the record as the string
    /// `record`, or as `recordBase64` (RFC 4648 section 4) when it is not UTF-8.
    ///
    /// # Errors
    /// Those of `sink`.
    pub fn write_json_line(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut text = String::with_capacity(self.record.len() + 256);
        text.push_str("{\"source\":");
        write_json_string(&mut text, self.source.as_str());
        text.push_str(&format!(",\"line\":{},\"code\":", self.line));
        write_json_string(&mut text, self.refusal.code());
        text.push_str(",\"reason\":");
        write_json_string(&mut text, &self.refusal.to_string());
        match std::str::from_utf8(&self.record) {
            Ok(record) => {
                text.push_str(",\"record\":");
                write_json_string(&mut text, record);
            }
            Err(_) => {
                text.push_str(",\"recordBase64\":");
                write_json_string(&mut text, &STANDARD.encode(&self.record));
            }
        }
        text.push_str("}\n");
        sink.write_all(text.as_bytes())
    }
}

impl fmt::Display for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.source, self.line, self.refusal)
    }
}
