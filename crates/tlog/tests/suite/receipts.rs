//! Receipts prove what they should and have one spelling.

use annals_tlog::{Error, Receipt, Signer};

use crate::fixture::{SIZE, key, receipt};
use crate::stored_tree::entry;

#[test]
fn a_receipt_proves_its_entry_and_no_other() {
    let log_key = key(1);
    for index in [0, 255, 256, 299] {
        let written = receipt(index).to_string();
        assert!(written.starts_with("c2sp.org/tlog-proof@v1\nextra cG9zaXRpb24=\nindex "));
        let read = Receipt::parse(written.as_bytes()).unwrap();
        assert_eq!(read, receipt(index));
        let checkpoint = read.verify(&entry(index), [log_key.verifier_key()]).unwrap();
        assert_eq!(checkpoint.size, SIZE);
        assert!(matches!(
            read.verify(b"forged", [log_key.verifier_key()]),
            Err(Error::RootMismatch { size: SIZE, .. })
        ));
        assert!(matches!(
            read.verify(&entry(index), [key(2).verifier_key()]),
            Err(Error::NotSignedBy { .. })
        ));
    }
}

#[test]
fn receipts_with_another_spelling_are_refused() {
    let written = receipt(7).to_string();
    for (from, to) in [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("index 7\n", ""),
        ("extra cG9zaXRpb24=", "extra cG9zaXRpb24"),
        ("extra cG9zaXRpb24=\nindex 7", "index 7\nextra cG9zaXRpb24="),
        ("\n\n", "\n"),
    ] {
        let changed = written.replacen(from, to, 1);
        assert_ne!(changed, written);
        assert!(Receipt::parse(changed.as_bytes()).is_err(), "{from:?} as {to:?}");
    }
    let without_extra = Receipt { extra: None, ..receipt(7) };
    assert_eq!(Receipt::parse(without_extra.to_string().as_bytes()), Ok(without_extra));
}
