//! Everything that can be wrong with what this crate is given.

use annals_event::CommittedField;

use crate::{Hash, KeyId, KeyName, NOTE_LEN_MAX, NOTE_SIGNATURES_MAX, ORIGIN_LEN_MAX, Origin};

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
    /// A key name is empty, or holds a space, a plus sign or a control character.
    #[error(
        "{name:?} cannot name a key or a log: use a name without spaces and plus signs, such as \
         example.com/log"
    )]
    KeyName {
        /// The name found.
        name: String,
    },
    /// An origin is too long.
    #[error("an origin has at most {ORIGIN_LEN_MAX} bytes, not {len}")]
    OriginTooLong {
        /// The length found, in bytes.
        len: usize,
    },
    /// A text is not a verifier key.
    #[error("this is not a verifier key (name+id+base64): {reason}")]
    VerifierKey {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A text is not a signing key. The text is a secret and is not repeated.
    #[error("this is not a signing key (PRIVATE+KEY+name+id+base64): {reason}")]
    SigningKey {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A note is too long to be read.
    #[error("a note of {len} bytes is too long; at most {NOTE_LEN_MAX} are read")]
    NoteTooLong {
        /// The length found, in bytes.
        len: usize,
    },
    /// A note is not UTF-8, holds control characters, or its text does not end in a newline.
    #[error("a note's text has to be UTF-8 without control characters and end in a newline")]
    NoteText,
    /// A note has no signatures, or they do not end in a newline.
    #[error("the note has no complete signature lines after its last empty line; it may be cut off")]
    NoteUnsigned,
    /// A line where a signature should be is none.
    #[error("{line:?} is not a signature line (\u{2014} name base64)")]
    SignatureLine {
        /// The beginning of the line.
        line: String,
    },
    /// A note has too many signatures.
    #[error("a note may have at most {NOTE_SIGNATURES_MAX} signatures")]
    TooManySignatures,
    /// None of the trusted keys signed the note.
    #[error(
        "the note is not signed by any trusted key ({keys}); check the vkey, or whether the key was rotated"
    )]
    NotSignedBy {
        /// The trusted keys, as vkeys with commas between them.
        keys: String,
    },
    /// A signature names a trusted key, but does not verify.
    #[error("the signature of {key} ({id}) does not verify: the text or the signature was altered")]
    InvalidSignature {
        /// The name of the key.
        key: KeyName,
        /// The id of the key.
        id: KeyId,
    },
    /// A note's text is not that of a checkpoint.
    #[error("this is not a checkpoint: {reason}")]
    Checkpoint {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A checkpoint is signed by the key of another log.
    #[error("the checkpoint is of the log {origin}, but its signature is by the key of {key}")]
    ForeignCheckpoint {
        /// The origin that the checkpoint names.
        origin: Origin,
        /// The name of the key that signed it.
        key: KeyName,
    },
    /// A cosignature's time exceeds 2^63 - 1 seconds.
    #[error("a cosignature's time may not exceed 2^63 - 1 seconds")]
    CosignatureTime,
    /// A text is not a receipt.
    #[error("this is not a receipt (c2sp.org/tlog-proof@v1): {reason}")]
    Receipt {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A path does not name a tile.
    #[error("{path:?} is not the path of a tile: {reason}")]
    TilePath {
        /// The beginning of the path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A tile's level, index or width is out of range.
    #[error("this is not a tile: {reason}")]
    TileCoordinate {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The bytes of a tile are not 1 to 256 hashes.
    #[error("{len} bytes are not a tile: 1 to 256 hashes of 32 bytes")]
    TileBytes {
        /// The number of bytes found.
        len: usize,
    },
    /// An entry is too long for the two bytes of length that an entry bundle has.
    #[error("an entry of {len} bytes does not fit into an entry bundle; it may have at most 65535")]
    EntryTooLong {
        /// The length of the entry in bytes.
        len: usize,
    },
    /// The bytes of an entry bundle are cut off or hold too many entries.
    #[error(
        "the entry bundle is malformed after {entries} entries: it is cut off or longer than 256 entries"
    )]
    EntryBundle {
        /// The number of entries that could be read.
        entries: usize,
    },
}
