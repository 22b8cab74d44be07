//! Receipts: everything that proves offline that an entry is in a log (C2SP tlog-proof).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::decimal::parse_decimal;
use crate::{
    Error, Hash, InclusionClaim, InclusionProof, LogCheckpoint, NOTE_LEN_MAX, SignedCheckpoint, VerifierKey,
    leaf_hash,
};

/// The greatest length of a receipt in bytes that is read: a note, and as much again.
pub const RECEIPT_LEN_MAX: usize = 2 * NOTE_LEN_MAX;

/// The first line of every receipt.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A path is never longer than this in a tree of 64-bit size.
const PATH_LEN_MAX: usize = 64;

/// An inclusion proof of one entry under a signed checkpoint. `Display` gives back exactly the
/// bytes that were parsed. Files of it end in `.tlog-proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Opaque data of the application. Nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The index of the entry in the log, counted from 0.
    pub index: u64,
    /// The way from the entry to the checkpoint's root.
    pub proof: InclusionProof,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

impl Receipt {
    /// Reads a receipt, without verifying anything.
    ///
    /// # Errors
    /// [`Error::Receipt`], or what is wrong with one of its parts.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let refused = |reason| Error::Receipt { reason };
        if bytes.len() > RECEIPT_LEN_MAX {
            return Err(refused("it is too long"));
        }
        let text = str::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?;
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(refused("it has no checkpoint"))?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(refused("its first line is not c2sp.org/tlog-proof@v1"));
        }
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(parse_extra).transpose()?;
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = parse_decimal(index.ok_or(refused("it has no index"))?)?;
        let hashes = lines.map(str::parse).collect::<Result<Vec<Hash>, Error>>()?;
        if hashes.len() > PATH_LEN_MAX {
            return Err(Error::ProofLength);
        }
        let checkpoint = SignedCheckpoint::parse(checkpoint.as_bytes())?;
        Ok(Self { extra, index, proof: InclusionProof { hashes }, checkpoint })
    }

    /// Verifies that this very entry stands in the log at the receipt's index, and returns the
    /// checkpoint that vouches for it. `keys` are the log's keys, which the caller trusts.
    ///
    /// # Errors
    /// What is wrong with the checkpoint's signature, or [`Error::LeafOutsideTree`],
    /// [`Error::ProofLength`] or [`Error::RootMismatch`].
    pub fn verify<'k>(
        &self,
        entry: &[u8],
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Result<&LogCheckpoint, Error> {
        let checkpoint = self.checkpoint.verify(keys)?;
        let claim = InclusionClaim { index: self.index, leaf: leaf_hash(entry), tree: checkpoint.tree() };
        self.proof.verify(&claim)?;
        Ok(checkpoint)
    }
}

fn parse_extra(line: &str) -> Result<Vec<u8>, Error> {
    let data = line.strip_prefix("extra ").unwrap_or_default();
    BASE64.decode(data).map_err(|_| Error::Receipt { reason: "its extra data is not base64" })
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
