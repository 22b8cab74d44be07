//! Checkpoints under rotated, foreign and witnesses' keys.

use annals_tlog::{
    Error, Hash, LogCheckpoint, Note, Origin, SignedCheckpoint, Signer, SignerError, SigningKey,
};

use crate::fixture::{ORIGIN, SIZE, key, log_checkpoint, signed_checkpoint, witness};
use crate::stored_tree::StoredTree;

#[test]
fn a_checkpoint_of_a_rotated_log_verifies_with_either_key() {
    let (old, new) = (key(1), key(2));
    let mut checkpoint = signed_checkpoint();
    checkpoint.add_signature(new.sign(checkpoint.note().text().as_bytes()).unwrap()).unwrap();
    let read = SignedCheckpoint::parse(checkpoint.to_string().as_bytes()).unwrap();
    assert!(read.verify([old.verifier_key()]).is_ok());
    assert!(read.verify([new.verifier_key()]).is_ok());
    assert!(read.verify([key(3).verifier_key(), new.verifier_key()]).is_ok());
    assert!(read.verify([key(3).verifier_key()]).is_err());
    assert!(read.verify([]).is_err());
}

#[test]
fn a_forged_signature_of_a_known_key_rejects_the_note_even_beside_a_good_one() {
    let (old, new) = (key(1), key(2));
    let mut checkpoint = signed_checkpoint();
    checkpoint.add_signature(new.sign(b"another text\n").unwrap()).unwrap();
    assert!(checkpoint.verify([old.verifier_key()]).is_ok());
    let both = checkpoint.verify([old.verifier_key(), new.verifier_key()]);
    assert!(matches!(both, Err(Error::InvalidSignature { .. })));
}

#[test]
fn a_key_that_serves_two_logs_does_not_vouch_for_one_with_the_head_of_the_other() {
    let other: Origin = "example.com/other".parse().unwrap();
    let other_key = SigningKey::from_seed(other.clone().into(), &[1; 32]);
    let foreign = Note::sign(log_checkpoint(&StoredTree::of_size(3)).to_string(), &other_key).unwrap();
    let foreign = SignedCheckpoint::parse(foreign.to_string().as_bytes()).unwrap();
    let verified = foreign.verify([other_key.verifier_key()]);
    assert!(matches!(verified, Err(Error::ForeignCheckpoint { .. })));
    let signed = SignedCheckpoint::sign(&log_checkpoint(&StoredTree::of_size(3)), &other_key);
    assert!(matches!(signed, Err(SignerError::Note(Error::ForeignCheckpoint { .. }))));
}

#[test]
fn malformed_checkpoints_are_refused() {
    let root = Hash::EMPTY_ROOT;
    for text in [
        String::new(),
        format!("{ORIGIN}\n7\n"),
        format!("{ORIGIN}\n07\n{root}\n"),
        format!("{ORIGIN}\n-7\n{root}\n"),
        format!("{ORIGIN}\n18446744073709551616\n{root}\n"),
        format!("{ORIGIN}\n7\nAAAA\n"),
        format!("{ORIGIN}\n7\n{root}"),
        format!("{ORIGIN}\n7\n{root}\n\n"),
        format!("{ORIGIN}\n7\n{root}\n\nextension\n"),
        format!("\n7\n{root}\n"),
        format!("with space\n7\n{root}\n"),
    ] {
        assert!(LogCheckpoint::parse(&text).is_err(), "{text:?}");
    }
    for extension in ["", "two\nlines", "ends\n"] {
        let extensions = vec![extension.to_owned()];
        let checkpoint = LogCheckpoint { extensions, ..log_checkpoint(&StoredTree::of_size(3)) };
        assert!(SignedCheckpoint::sign(&checkpoint, &key(1)).is_err(), "{extension:?}");
    }
}

#[test]
fn a_cosignature_names_its_time_and_stands_for_one_checkpoint() {
    let (first, second) = (witness("w.example/1", 9), witness("w.example/2", 8));
    let mut checkpoint = signed_checkpoint();
    for time in [1_679_315_147, 1_679_315_148] {
        checkpoint.add_signature(first.cosign(&checkpoint, time).unwrap()).unwrap();
    }
    let read = SignedCheckpoint::parse(checkpoint.to_string().as_bytes()).unwrap();
    assert_eq!(first.cosigner_key().verify(&read), Ok(1_679_315_148));
    assert!(matches!(second.cosigner_key().verify(&read), Err(Error::NotSignedBy { .. })));
    assert!(read.verify([key(1).verifier_key()]).is_ok());

    let mut other = SignedCheckpoint::sign(&log_checkpoint(&StoredTree::of_size(SIZE + 1)), &key(1)).unwrap();
    other.add_signature(first.cosign(&checkpoint, 1).unwrap()).unwrap();
    assert!(matches!(first.cosigner_key().verify(&other), Err(Error::InvalidSignature { .. })));
    assert_eq!(first.cosign(&checkpoint, 1 << 63), Err(Error::CosignatureTime));
}
