//! No parser panics on anything, and what is read is written back as it was.

use annals_tlog::{
    CosignerKey, Frontier, Hash, LogCheckpoint, Note, Origin, Receipt, SignedCheckpoint, Signer, SigningKey,
    TilePath, VerifierKey, encode_bundle, encode_tile, parse_bundle, parse_tile,
};
use proptest::prelude::*;

use crate::fixture::{SIZE, key, log_checkpoint, receipt, signed_checkpoint, witness};
use crate::stored_tree::StoredTree;

fn parse_everything(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(note) = Note::parse(bytes) {
        prop_assert_eq!(note.to_string().into_bytes(), bytes);
    }
    if let Ok(checkpoint) = SignedCheckpoint::parse(bytes) {
        prop_assert_eq!(checkpoint.to_string().into_bytes(), bytes);
    }
    if let Ok(receipt) = Receipt::parse(bytes) {
        prop_assert_eq!(receipt.to_string().into_bytes(), bytes);
        let _ = receipt.verify(b"entry", [key(1).verifier_key()]);
    }
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        prop_assert_eq!(frontier.to_bytes(), bytes);
        let _ = frontier.root();
    }
    if let Ok(entries) = parse_bundle(bytes) {
        prop_assert_eq!(encode_bundle(entries).unwrap(), bytes);
    }
    if let Ok(hashes) = parse_tile(bytes) {
        prop_assert_eq!(encode_tile(&hashes), bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(path) = text.parse::<TilePath>() {
        prop_assert_eq!(path.to_string(), text.as_ref());
    }
    if let Ok(checkpoint) = LogCheckpoint::parse(&text) {
        prop_assert_eq!(checkpoint.to_string(), text.as_ref());
    }
    let _ = (text.parse::<VerifierKey>(), text.parse::<SigningKey>(), text.parse::<CosignerKey>());
    let _ = (text.parse::<Hash>(), text.parse::<Origin>());
    Ok(())
}

fn valid_inputs() -> Vec<Vec<u8>> {
    let tree = StoredTree::of_size(SIZE);
    vec![
        receipt(7).to_string().into_bytes(),
        signed_checkpoint().to_string().into_bytes(),
        log_checkpoint(&tree).to_string().into_bytes(),
        tree.frontier.to_bytes(),
        encode_bundle([b"one".as_slice(), b"two"]).unwrap(),
        b"tile/3/x001/x234/067.p/17".to_vec(),
        key(1).verifier_key().to_string().into_bytes(),
        key(1).to_secret_text().as_bytes().to_vec(),
        witness("w.example", 9).cosigner_key().to_string().into_bytes(),
    ]
}

proptest! {
    #[test]
    fn no_parser_panics_on_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        parse_everything(&bytes)?;
    }

    #[test]
    fn no_parser_panics_on_arbitrary_text(text in "[a-z0-9+/=— .\n\u{0}-\u{3f}]{0,200}") {
        parse_everything(text.as_bytes())?;
    }

    #[test]
    fn no_parser_panics_on_a_changed_valid_input(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..4),
    ) {
        let mut bytes = which.get(&valid_inputs()).clone();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len().max(1));
            match how {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        parse_everything(&bytes)?;
    }
}
