use std::fs;

use annals_proof::{KeyStore, ProofError, read_key_file};
use annals_tlog::Signer;

use crate::log::{key, origin};

#[test]
fn a_key_that_was_made_once_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyStore::in_folder(folder.path().join("keys"));
    let made = keys.load_or_create(&origin()).unwrap();
    assert_eq!(keys.load_or_create(&origin()).unwrap().verifier_key(), made.verifier_key());
    assert_eq!(keys.path_of(&origin()).file_name().unwrap(), "example.com%2Flog42.key");
    assert_eq!(fs::read_dir(folder.path().join("keys")).unwrap().count(), 1);
}

#[test]
fn no_two_logs_get_the_same_new_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyStore::in_folder(folder.path());
    let one = keys.load_or_create(&origin()).unwrap();
    let other = keys.load_or_create(&"example.com/log43".parse().unwrap()).unwrap();
    assert_ne!(one.verifier_key().public_key(), other.verifier_key().public_key());
}

#[test]
fn processes_that_make_a_key_at_the_same_time_agree_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyStore::in_folder(folder.path());
    let made: Vec<_> = std::thread::scope(|scope| {
        let made: Vec<_> = (0..8).map(|_| scope.spawn(|| keys.load_or_create(&origin()))).collect();
        made.into_iter().map(|made| made.join().unwrap().unwrap().verifier_key().clone()).collect()
    });
    assert!(made.iter().all(|key| *key == made[0]));
}

#[cfg(unix)]
#[test]
fn refuses_a_key_file_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let keys = KeyStore::in_folder(folder.path());
    keys.load_or_create(&origin()).unwrap();
    let path = keys.path_of(&origin());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = keys.load_or_create(&origin()).unwrap_err();
        assert!(matches!(error, ProofError::KeyExposed { mode: found, .. } if found == mode), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(keys.load(&origin()).is_ok());
}

#[test]
fn refuses_a_key_of_another_log_and_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyStore::in_folder(folder.path());
    keys.load_or_create(&origin()).unwrap();
    let path = keys.path_of(&origin());
    let other = "example.com/other".parse().unwrap();
    assert!(matches!(read_key_file(&path, &other), Err(ProofError::KeyOfAnotherLog { .. })));

    let text = key().to_secret_text();
    fs::write(&path, &text[..text.len() - 1]).unwrap();
    let error = keys.load_or_create(&origin()).unwrap_err();
    assert!(matches!(error, ProofError::KeyUnreadable { .. }), "{error}");
    assert!(!error.to_string().contains(&text[..40]), "the key is repeated in {error}");
}

#[test]
fn says_where_a_missing_key_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let error = KeyStore::in_folder(folder.path()).load(&origin()).unwrap_err();
    assert!(error.to_string().contains("example.com%2Flog42.key"), "{error}");
}
