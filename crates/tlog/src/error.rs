//! Everything that can be wrong with what this crate is given.

use annals_event::CommittedField;

use crate::Hash;

/// Why something was refused: a text that does not have its format, or a proof or signature that
/// does not prove what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text is not standard base64 with padding (RFC 4648 section 4).
    #[error("this is not standard base64 with padding")]
    Base64,
    /// A hash does not have 32 bytes.
    #[error("a SHA-256 hash has 32 bytes, not {len}")]
    HashLength {
        /// The number of bytes found.
        len: usize,
    },
    /// A frontier's bytes are cut off or too long.
    #[error("{len} bytes are not a frontier: eight bytes of size and 32 for each peak")]
    FrontierBytes {
        /// The number of bytes found.
        len: usize,
    },
    /// A frontier has another number of peaks than its size demands.
    #[error("a tree of {size} leaves has {} peaks, not {peaks}", size.count_ones())]
    FrontierLength {
        /// The size of the tree.
        size: u64,
        /// The number of peaks found.
        peaks: usize,
    },
    /// A tree is larger than any store can number.
    #[error("a tree of {size} leaves is larger than positions can count")]
    TreeTooLarge {
        /// The size.
        size: u64,
    },
    /// A leaf index is not below the size of the tree.
    #[error("leaf {index} is not in the tree of {size} leaves; use a later checkpoint")]
    LeafOutsideTree {
        /// The index of the leaf.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A consistency proof was asked for from a greater tree to a smaller one.
    #[error("the tree of {from} leaves cannot be the beginning of the tree of {to}")]
    SizesReversed {
        /// The size that should be the smaller one.
        from: u64,
        /// The size that should be the greater one.
        to: u64,
    },
    /// A proof has too few or too many hashes for the sizes that it is about.
    #[error("the proof does not have the number of hashes that its sizes demand")]
    ProofLength,
    /// A proof leads to another root.
    #[error(
        "the proof leads to the root {computed}, but the tree of {size} leaves has the root \
         {claimed}: the entry or the tree was altered, or the proof belongs to another one"
    )]
    RootMismatch {
        /// The size of the tree.
        size: u64,
        /// The root that the tree is said to have.
        claimed: Hash,
        /// The root that the proof leads to.
        computed: Hash,
    },
    /// A number is not an ASCII decimal below 2^64 without sign and leading zeroes.
    #[error("{text:?} is not a whole number in decimal without leading zeroes")]
    Number {
        /// The beginning of what was found.
        text: String,
    },
    /// An event's opening lacks the salt of a field that was not erased.
    #[error("the field {} is there, but its salt is not: its commitment cannot be checked", field.name())]
    MissingSalt {
        /// The field.
        field: CommittedField,
    },
}
