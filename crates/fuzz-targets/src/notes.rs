//! Notes, checkpoints, cosignatures and keys: printed as parsed, and verified only when they are the signed ones.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::LazyLock;

use annals_tlog::{
    CosignerKey, CosigningKey, Hash, LogCheckpoint, Note, NoteSignature, Origin, SignedCheckpoint, Signer,
    SigningKey, VerifierKey,
};

/// What was signed, and by whom.
struct Fixture {
    log: SigningKey,
    witness: CosigningKey,
    text: String,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let origin: Origin = "example.com/log".parse().expect("an origin");
    let log = SigningKey::from_seed(origin.clone().into(), &[7; 32]);
    let witness = CosigningKey::from_seed("witness.example".parse().expect("a name"), &[8; 32]);
    let text = LogCheckpoint { origin, size: 3, root: Hash::from_bytes([9; 32]), extensions: Vec::new() };
    Fixture { log, witness, text: text.to_string() }
});

pub(crate) fn check(input: &[u8]) {
    if let Ok(note) = Note::parse(input) {
        assert_eq!(note.to_string().as_bytes(), input);
        if note.verify([FIXTURE.log.verifier_key()]).is_ok() {
            assert_eq!(note.text(), FIXTURE.text, "only one text was signed");
        }
    }
    if let Ok(signed) = SignedCheckpoint::parse(input) {
        assert_eq!(signed.to_string().as_bytes(), input);
        assert_eq!(signed.unverified().to_string(), signed.note().text());
        if FIXTURE.witness.cosigner_key().verify(&signed).is_ok() {
            assert_eq!(signed.note().text(), FIXTURE.text);
        }
        let _ = signed.verify([FIXTURE.log.verifier_key()]);
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(checkpoint) = LogCheckpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
    is_written_as_read::<NoteSignature>(text);
    is_written_as_read::<VerifierKey>(text);
    is_written_as_read::<CosignerKey>(text);
    if let Ok(key) = text.parse::<SigningKey>() {
        assert_eq!(key.to_secret_text().as_str(), text);
        assert!(Note::sign("text\n", &key).is_ok_and(|note| note.verify([key.verifier_key()]).is_ok()));
    }
}

fn is_written_as_read<T: FromStr + Display>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixture_itself_verifies_and_is_among_the_inputs_that_are_kept() {
        let checkpoint = LogCheckpoint::parse(&FIXTURE.text).expect("a checkpoint");
        let mut signed = SignedCheckpoint::sign(&checkpoint, &FIXTURE.log).expect("it can be signed");
        let cosignature = FIXTURE.witness.cosign(&signed, 1_700_000_000).expect("it can be cosigned");
        signed.add_signature(cosignature).expect("there is room");
        assert!(signed.verify([FIXTURE.log.verifier_key()]).is_ok());
        assert!(FIXTURE.witness.cosigner_key().verify(&signed).is_ok());
        let kept = include_bytes!("../../../fuzz/corpus/notes/signed-and-cosigned");
        assert_eq!(signed.to_string().as_bytes(), kept);
    }
}
