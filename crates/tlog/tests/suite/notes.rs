//! Notes and keys: what is refused, and what never shows.

use annals_tlog::{CosignerKey, Error, Note, NoteSignature, Signer, SignerError, SigningKey, VerifierKey};
use proptest::prelude::*;

use crate::fixture::{ORIGIN, key, witness};

#[test]
fn malformed_notes_are_refused() {
    let good = Note::sign("text\n\nmore\n", &key(1)).unwrap().to_string();
    assert_eq!(Note::parse(good.as_bytes()).unwrap().text(), "text\n\nmore\n");
    let signature = good.lines().last().unwrap();
    for (note, why) in [
        (format!("text\n{signature}\n"), "no empty line"),
        (format!("text\n\n{signature}"), "no final newline"),
        ("text\n\n".to_owned(), "no signature"),
        (format!("text\n\n{signature}\n\n"), "an empty line after the signatures"),
        (format!("text\n\n{}\n", signature.replace('—', "-")), "a hyphen for the em dash"),
        (format!("text\r\n\n{signature}\n"), "a carriage return"),
        (format!("text\n\n{}\n", signature.replace("log42 ", "log42  ")), "two spaces"),
        (format!("text\n\n— {ORIGIN} AAAAAA==\n"), "a key id without a signature"),
        (format!("text\n\n{}", format!("{signature}\n").repeat(101)), "101 signatures"),
        (format!("{}\n\n{signature}\n", "x".repeat(1_000_000)), "more than a megabyte"),
    ] {
        assert!(Note::parse(note.as_bytes()).is_err(), "{why}");
    }
    assert!(Note::parse(b"\xff\n\n").is_err());
    assert!(Note::sign("no final newline", &key(1)).is_err());
}

#[test]
fn a_signer_whose_signature_does_not_verify_makes_no_note() {
    struct Faulty(SigningKey);
    impl Signer for Faulty {
        fn verifier_key(&self) -> &VerifierKey {
            self.0.verifier_key()
        }
        fn sign(&self, _text: &[u8]) -> Result<NoteSignature, SignerError> {
            self.0.sign(b"something else")
        }
    }
    let note = Note::sign("text\n", &Faulty(key(1)));
    assert!(matches!(note, Err(SignerError::Note(Error::InvalidSignature { .. }))));
}

#[test]
fn secrets_do_not_show_in_debug_output_or_errors() {
    let secret = key(1).to_secret_text();
    let shown = format!("{:?} {:?}", key(1), witness("w.example", 9));
    // PRIVATE+KEY+name+hash+seed; base64 may hold '+' too.
    let seed = secret.splitn(5, '+').nth(4).unwrap();
    assert!(!shown.contains(seed) && !shown.contains("[1, 1"));
    for cut in 0..secret.len() {
        let error = secret[..cut].parse::<SigningKey>().unwrap_err().to_string();
        assert!(!error.contains(&seed[..8]), "{error}");
    }
}

#[test]
fn no_part_and_no_change_of_a_key_is_a_key() {
    let (vkey, secret) = (key(1).verifier_key().to_string(), key(1).to_secret_text());
    let cosigner = witness("w.example", 9).cosigner_key().to_string();
    for at in 0..vkey.len() {
        assert!(vkey[..at].parse::<VerifierKey>().is_err());
        let mut bytes = vkey.clone().into_bytes();
        bytes[at] ^= 1;
        let changed = String::from_utf8(bytes).unwrap();
        assert!(changed.parse::<VerifierKey>().is_err(), "{changed}");
    }
    for at in 0..secret.len() {
        let mut bytes = secret.as_bytes().to_vec();
        bytes[at] ^= 1;
        assert!(String::from_utf8(bytes).unwrap().parse::<SigningKey>().is_err());
    }
    assert!(vkey.parse::<CosignerKey>().is_err());
    assert!(cosigner.parse::<VerifierKey>().is_err());
    assert_eq!(cosigner.parse::<CosignerKey>().unwrap().to_string(), cosigner);
}

proptest! {
    #[test]
    fn every_text_that_can_be_signed_is_read_as_it_was_signed(text in "[^\u{0}-\u{1f}]{0,40}(\n[^\u{0}-\u{1f}]{0,20}){0,5}\n") {
        let key = key(1);
        let note = Note::sign(text.as_str(), &key).unwrap();
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        prop_assert_eq!(read.text(), text);
        prop_assert!(read.verify([key.verifier_key()]).is_ok());
    }
}
