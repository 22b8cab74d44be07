//! The event file: an event as its receipt's holder sees it.

use std::fmt;

use annals_event::{Opening, RecordedEvent};
use annals_tlog::recompute_entry;

use super::disclosure_json::DisclosureJson;
use crate::ProofError;

/// An event with what opens its commitments, so that its leaf can be recomputed without any store.
///
/// `Display` writes the event file: the event's members as the API gives them, the producer's texts as strings
/// (`payloadText`, `metadataText`, `contextText`), and `opening`. It is one exact text: whoever parses it gets
/// an error if a single byte of it, even a space, is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDisclosure {
    /// The event.
    pub event: RecordedEvent,
    /// Its secret; where a field was erased, the salts of the others.
    pub opening: Opening,
}

impl EventDisclosure {
    /// Reads an event file.
    ///
    /// # Errors
    /// [`ProofError::EventFile`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        let refused = |reason: String| ProofError::EventFile { reason };
        let json: DisclosureJson =
            serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
        let disclosure = json.into_disclosure().map_err(refused)?;
        if disclosure.to_string().as_bytes() == bytes {
            Ok(disclosure)
        } else {
            Err(refused("its form was changed; use the file itself, byte for byte".to_owned()))
        }
    }

    /// The leaf entry that these fields make.
    ///
    /// # Errors
    /// [`ProofError::Tlog`] if the opening lacks the salt of a field that is there.
    pub fn entry(&self) -> Result<String, ProofError> {
        Ok(recompute_entry(&self.event, &self.opening)?)
    }
}

impl fmt::Display for EventDisclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string_pretty(&DisclosureJson::from(self)).map_err(|_| fmt::Error)?;
        writeln!(f, "{json}")
    }
}
