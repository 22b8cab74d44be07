use annals::Predecessor;
use serde::Serialize;

/// The log for which another one goes on.
#[derive(Debug, Serialize)]
pub struct PredecessorDocument {
    /// Its identity.
    pub origin: String,
    /// How many events of it are left.
    pub size: u64,
    /// Their root, in base64.
    pub root: String,
    /// The size of its newest checkpoint that was left.
    pub checkpoint: Option<u64>,
    /// The size that was signed last, where that was remembered.
    pub signed: Option<u64>,
}

impl From<&Predecessor> for PredecessorDocument {
    fn from(predecessor: &Predecessor) -> Self {
        Self {
            origin: predecessor.origin.to_string(),
            size: predecessor.head.size,
            root: predecessor.head.root.to_string(),
            checkpoint: predecessor.checkpoint.as_ref().map(|checkpoint| checkpoint.unverified().size),
            signed: predecessor.signed.map(|signed| signed.size),
        }
    }
}
