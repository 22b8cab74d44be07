use std::fmt;

use annals::{JsonPointer, Note, ProofError, SignedCheckpoint, Signer, write_json_string};

use super::hashing::Digest;
use crate::records::RecordFormat;

/// The first line. It holds spaces, so that no log's origin and no checkpoint can be mistaken for it.
const HEADER: &str = "Annals export manifest, version 1";

/// What an exported file is and where it comes from. Signed by the log's key as a C2SP signed-note.
///
/// Its text is one fact a line, name and value; then, behind an empty line, a checkpoint of the log as it was signed.
/// Of the log it says what that checkpoint says, so that no manifest can contradict what was signed.
pub struct Manifest {
    /// The file's name, without its folder.
    pub file: String,
    /// Its form.
    pub format: RecordFormat,
    /// Its bytes.
    pub digest: Digest,
    /// Which events were wanted; all when there are none.
    pub filters: Vec<String>,
    /// What was left out, and how often.
    pub redactions: Vec<(JsonPointer, u64)>,
    /// The part of the log that was looked at, as it was signed.
    pub checkpoint: SignedCheckpoint,
}

impl Manifest {
    /// The signed manifest.
    ///
    /// # Errors
    /// [`ProofError::Signer`].
    pub fn sign(&self, key: &(impl Signer + ?Sized)) -> Result<Note, ProofError> {
        Ok(Note::sign(self.to_string(), key)?)
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.format {
            RecordFormat::Json => "json",
            RecordFormat::Jsonl => "jsonl",
            RecordFormat::Csv => "csv",
        };
        let covered = self.checkpoint.unverified();
        writeln!(f, "{HEADER}")?;
        writeln!(f, "file {}", one_line(&self.file))?;
        writeln!(f, "format {format}")?;
        writeln!(f, "sha256 {}", self.digest.sha256)?;
        writeln!(f, "bytes {}", self.digest.bytes)?;
        writeln!(f, "events {}", self.digest.events)?;
        writeln!(f, "log {}", covered.origin)?;
        writeln!(f, "log-size {}", covered.size)?;
        writeln!(f, "log-root {}", covered.root)?;
        self.filters.iter().try_for_each(|filter| writeln!(f, "filter {}", one_line(filter)))?;
        for (pointer, count) in &self.redactions {
            writeln!(f, "redacted {count} {}", one_line(pointer.as_str()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// The text on one line, without control characters: where it has some, as a JSON string.
fn one_line(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let mut quoted = String::new();
    write_json_string(&mut quoted, text);
    quoted.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
