use std::fmt;

use annals_event::SchemaVersion;
use sha2::{Digest, Sha256};

use crate::rules::Reducer;

/// Stands in every fingerprint. It changes whenever this crate folds in another way, so that older snapshots are not
/// believed.
const FOLDING: &str = "annals-history 1";

/// What a state depends on beside the events: the reducer, the upcasters, and what runs them. A SHA-256, displayed in
/// lowercase hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a reducer behind upcasters, each with its event type, the schema version that it reads, and
    /// its text.
    pub(crate) fn of<'a>(
        reducer: &Reducer,
        upcasters: impl Iterator<Item = (&'a str, SchemaVersion, &'a str)>,
    ) -> Self {
        let mut hasher = Sha256::new();
        put(&mut hasher, FOLDING);
        let mut runs_jq = false;
        match reducer {
            Reducer::Merge => put(&mut hasher, "merge"),
            Reducer::Replace => put(&mut hasher, "replace"),
            Reducer::Jq(reducer) => {
                runs_jq = true;
                put(&mut hasher, "jq");
                put(&mut hasher, reducer.program().text());
            }
        }
        for (event_type, from, text) in upcasters {
            runs_jq = true;
            put(&mut hasher, event_type);
            put(&mut hasher, &from.to_string());
            put(&mut hasher, text);
        }
        if runs_jq {
            put(&mut hasher, annals_jq::ENGINE);
        }
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Each part behind its length, so that no two lists of parts are alike.
fn put(hasher: &mut Sha256, part: &str) {
    hasher.update((part.len() as u64).to_be_bytes());
    hasher.update(part);
}
