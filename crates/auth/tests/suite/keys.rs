//! Public keys as files.

use annals_auth::{AuthError, AuthOptions, Authenticator, KeySource, PublicKeyPem};
use serde_json::json;

use crate::issuer::{ED25519_PEM, Key, P256_PEM, RSA_PEM, authenticate, claims, public_keys};
use crate::test_clock::TestClock;

fn only(pem: &str) -> AuthOptions {
    AuthOptions::new(KeySource::PublicKeys(vec![PublicKeyPem { kid: None, pem: pem.to_owned() }]))
}

fn unusable(pem: &str) -> String {
    match Authenticator::new(&only(pem), TestClock::new()) {
        Err(AuthError::KeyUnusable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_kind_of_key_believes_its_own_tokens_by_name_and_without() {
    let keys = [("rsa", Key::rsa()), ("p256", Key::p256()), ("ed25519", Key::ed25519())];
    for (kid, key) in &keys {
        let named = key.token_of(kid, &claims(&json!({})));
        assert_eq!(authenticate(&public_keys(), &named).expect("let in").subject().as_str(), "maria");
        let unnamed = key.token(&claims(&json!({})));
        assert!(authenticate(&public_keys(), &unnamed).is_ok());
    }
    let newer_name = Key::ed25519().token_with(&json!({"alg": "Ed25519"}), &claims(&json!({})));
    assert!(authenticate(&public_keys(), &newer_name).is_ok());
}

#[test]
fn a_key_without_a_name_is_tried_for_tokens_of_any_name() {
    let token = Key::p256().token_of("whatever", &claims(&json!({})));
    assert!(authenticate(&only(P256_PEM), &token).is_ok());
    let other = Key::ed25519().token_of("whatever", &claims(&json!({})));
    assert_eq!(
        authenticate(&only(P256_PEM), &other).unwrap_err(),
        AuthError::AlgorithmRefused { algorithm: "EdDSA".into() }
    );
}

#[test]
fn of_two_keys_without_names_either_may_have_signed() {
    let next = include_str!("../data/ed25519-next.pub.pem");
    let pems = [ED25519_PEM, next].map(|pem| PublicKeyPem { kid: None, pem: pem.to_owned() });
    let options = AuthOptions::new(KeySource::PublicKeys(pems.to_vec()));
    for key in [Key::ed25519(), Key::next_ed25519()] {
        assert!(authenticate(&options, &key.token(&claims(&json!({})))).is_ok());
    }
    assert_eq!(
        authenticate(&only(ED25519_PEM), &Key::next_ed25519().token(&claims(&json!({})))).unwrap_err(),
        AuthError::SignatureRefused
    );
}

#[test]
fn what_is_no_public_key_for_tokens_is_refused_with_what_it_is() {
    assert!(unusable(include_str!("../data/rsa.key.pem")).contains("private key"));
    assert!(unusable(include_str!("../data/certificate.pem")).contains("certificate"));
    assert!(unusable(include_str!("../data/rsa1024.pub.pem")).contains("2,048"));
    assert!(unusable(include_str!("../data/p384.pub.pem")).contains("P-256"));
    assert!(unusable(&format!("{RSA_PEM}{P256_PEM}")).contains("several"));
    for text in [
        "",
        "no PEM",
        "-----BEGIN PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ] {
        assert!(!unusable(text).is_empty());
    }
}

#[test]
fn two_keys_of_one_name_and_no_key_at_all_are_refused() {
    let twice = [RSA_PEM, P256_PEM].map(|pem| PublicKeyPem { kid: Some("a".into()), pem: pem.to_owned() });
    for keys in [twice.to_vec(), Vec::new()] {
        let options = AuthOptions::new(KeySource::PublicKeys(keys));
        assert!(matches!(
            Authenticator::new(&options, TestClock::new()),
            Err(AuthError::Misconfigured { .. })
        ));
    }
}
