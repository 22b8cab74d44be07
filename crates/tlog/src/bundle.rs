//! Entry bundles: the entries under a tile of level 0, each with its length before it (C2SP
//! tlog-tiles, "Log entries").

use crate::{Error, TILE_WIDTH};

/// The greatest length of an entry in bytes: its length is written in two bytes.
pub const ENTRY_LEN_MAX: usize = u16::MAX as usize;

/// Writes entries as a bundle.
///
/// ```
/// use annals_tlog::{encode_bundle, parse_bundle};
///
/// let bytes = encode_bundle([b"one".as_slice(), b"two"])?;
/// assert_eq!(bytes, b"\x00\x03one\x00\x03two");
/// assert_eq!(parse_bundle(&bytes)?, [b"one", b"two"]);
/// # Ok::<(), annals_tlog::Error>(())
/// ```
///
/// # Errors
/// [`Error::EntryTooLong`] if an entry exceeds [`ENTRY_LEN_MAX`].
pub fn encode_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for entry in entries {
        let len = u16::try_from(entry.len()).map_err(|_| Error::EntryTooLong { len: entry.len() })?;
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Reads the entries of a bundle.
///
/// # Errors
/// [`Error::EntryBundle`] if it is cut off or holds more than 256 entries.
pub fn parse_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let malformed = Error::EntryBundle { entries: entries.len() };
        if entries.len() as u64 == TILE_WIDTH {
            return Err(malformed);
        }
        let Some((len, after)) = rest.split_first_chunk::<2>() else { return Err(malformed) };
        let len = usize::from(u16::from_be_bytes(*len));
        let Some((entry, after)) = after.split_at_checked(len) else { return Err(malformed) };
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}
