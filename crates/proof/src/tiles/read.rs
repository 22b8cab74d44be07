//! One file of the layout, for a server that makes them when they are asked for.

use annals_store::{Store, StoreError};
use annals_tlog::{TilePath, encode_bundle, encode_tile};

use super::entries::read_entries;
use crate::ProofError;
use crate::stored_hashes::read_hashes;

/// The bytes of one file of the layout of C2SP tlog-tiles, of the first `size` events of a log: of a size that was
/// signed, so that nothing is published to which nobody is held.
///
/// # Errors
/// [`ProofError::Store`] with [`StoreError::NotFound`] if so many events have no such tile;
/// [`ProofError::EventAltered`] if an event does not give its leaf hash.
pub async fn read_tile(store: &dyn Store, path: TilePath, size: u64) -> Result<Vec<u8>, ProofError> {
    let not_there = || StoreError::NotFound { what: format!("{path} in a tree of {size} events") };
    match path {
        TilePath::Tile(tile) => {
            let hashes = match tile.is_within(size) {
                true => read_hashes(store, tile.level(), tile.range()).await?,
                false => return Err(not_there().into()),
            };
            if hashes.is_empty() {
                let reason = format!("hashes of {path} are missing");
                return Err(StoreError::Corrupt { reason }.into());
            }
            Ok(encode_tile(&hashes))
        }
        TilePath::Bundle(bundle) => {
            if !bundle.is_within(size) {
                return Err(not_there().into());
            }
            let entries = read_entries(store, bundle.range()).await?;
            Ok(encode_bundle(entries.iter().map(String::as_bytes))?)
        }
    }
}
