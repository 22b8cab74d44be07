//! What others tried on those who check tokens (RFC 8725 section 2), one test each.

use annals_auth::AuthError;
use serde_json::json;

use crate::issuer::{
    ED25519_PEM, Key, P256_PEM, RSA_PEM, authenticate, b64, claims, public_keys, shared_secret,
};

fn good() -> serde_json::Value {
    claims(&json!({}))
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    for pem in [RSA_PEM, P256_PEM, ED25519_PEM] {
        for text in [pem, pem.trim_end()] {
            let token = Key::Secret(text.into()).token(&good());
            let refused = authenticate(&public_keys(), &token).unwrap_err();
            assert_eq!(refused, AuthError::AlgorithmRefused { algorithm: "HS256".into() });
        }
    }
}

#[test]
fn a_token_that_nobody_signed_is_refused_however_it_says_so() {
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let token = format!("{}.{}.", b64(json!({"alg": none}).to_string()), b64(good().to_string()));
        for options in [shared_secret(), public_keys()] {
            let refused = authenticate(&options, &token).unwrap_err();
            assert_eq!(refused, AuthError::AlgorithmRefused { algorithm: none.into() });
        }
    }
}

#[test]
fn a_token_whose_signature_was_cut_off_is_refused() {
    let token = Key::secret().token(&good());
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    let refused = |token: String| authenticate(&shared_secret(), &token).unwrap_err();
    assert_eq!(refused(format!("{signed}.")), AuthError::SignatureRefused);
    assert!(matches!(refused(signed.to_owned()), AuthError::TokenUnreadable { .. }));
}

#[test]
fn a_key_is_used_for_no_algorithm_but_its_own() {
    let keys = [Key::rsa(), Key::p256(), Key::ed25519(), Key::secret()];
    for key in &keys {
        for other in ["RS256", "ES256", "EdDSA", "HS256", "PS256", "RS512", "ES384", "HS512"] {
            if other == key.algorithm() {
                continue;
            }
            let token = key.token_with(&json!({"alg": other}), &good());
            for options in [shared_secret(), public_keys()] {
                assert!(authenticate(&options, &token).is_err(), "{} as {other}", key.algorithm());
            }
        }
    }
}

#[test]
fn a_key_in_the_token_itself_is_not_looked_at() {
    let theirs = Key::next_ed25519();
    let header = json!({
        "alg": "EdDSA",
        "kid": "ed25519",
        "jwk": theirs.jwk("ed25519"),
        "jku": "http://127.0.0.1:1/keys",
        "x5u": "http://127.0.0.1:1/certificate"
    });
    let token = theirs.token_with(&header, &good());
    assert_eq!(authenticate(&public_keys(), &token).unwrap_err(), AuthError::SignatureRefused);
}

#[test]
fn a_name_that_no_key_has_finds_none() {
    for kid in ["rsa2", "RSA", "", "../../dev/null", "rsa\u{0}"] {
        let token = Key::rsa().token_of(kid, &good());
        let refused = authenticate(&public_keys(), &token).unwrap_err();
        // A NUL is no name in the I-JSON profile.
        let unreadable = matches!(refused, AuthError::TokenUnreadable { .. }) && kid.contains('\u{0}');
        assert!(
            unreadable || matches!(refused, AuthError::NoSuchKey { algorithm: "RS256", .. }),
            "{refused}"
        );
    }
    let token = Key::rsa().token_of("p256", &good());
    assert!(matches!(authenticate(&public_keys(), &token), Err(AuthError::NoSuchKey { .. })));
    let numbered = Key::rsa().token_with(&json!({"alg": "RS256", "kid": 7}), &good());
    assert!(matches!(authenticate(&public_keys(), &numbered), Err(AuthError::TokenUnreadable { .. })));
}

#[test]
fn a_token_that_was_altered_anywhere_is_refused() {
    let token = Key::secret().token(&good());
    assert!(authenticate(&shared_secret(), &token).is_ok());
    for (at, character) in token.char_indices() {
        let mut altered = token.clone();
        let other = if character == 'A' { "B" } else { "A" };
        altered.replace_range(at..=at, other);
        assert!(authenticate(&shared_secret(), &altered).is_err(), "character {at}");
    }
}

#[test]
fn one_token_has_one_text() {
    let token = Key::secret().token(&good());
    for other in [format!("{token}="), format!("{token}\n"), format!(" {token}"), format!("{token}.")] {
        assert!(authenticate(&shared_secret(), &other).is_err(), "{other:?}");
    }
    // 32 bytes leave two bits of the last character unused: its neighbour would read as the same bytes.
    let (rest, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let same =
        alphabet.chars().filter(|next| authenticate(&shared_secret(), &format!("{rest}{next}")).is_ok());
    assert_eq!(same.collect::<String>(), last);
}

#[test]
fn a_name_that_stands_twice_is_refused_before_two_readers_can_differ() {
    let header = r#"{"alg":"HS256"}"#;
    let twice = r#"{"sub":"maria","sub":"admin","exp":1795171200,"roles":["auditor"]}"#;
    let escaped = r#"{"sub":"maria","s\u0075b":"admin","exp":1795171200,"roles":["auditor"]}"#;
    for claims in [twice, escaped] {
        let token = Key::secret().token_of_texts(header, claims);
        assert!(matches!(authenticate(&shared_secret(), &token), Err(AuthError::TokenUnreadable { .. })));
    }
    let token = Key::secret().token_of_texts(r#"{"alg":"none","alg":"HS256"}"#, &good().to_string());
    assert!(matches!(authenticate(&shared_secret(), &token), Err(AuthError::TokenUnreadable { .. })));
}

#[test]
fn a_huge_token_is_refused_before_it_is_read() {
    let token = Key::secret().token(&claims(&json!({"padding": "x".repeat(20_000)})));
    let refused = authenticate(&shared_secret(), &token).unwrap_err();
    assert!(matches!(refused, AuthError::TokenTooLong { bytes_max: 16_384, .. }));
    let deep =
        format!(r#"{{"sub":"maria","exp":1795171200,"x":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let token = Key::secret().token_of_texts(r#"{"alg":"HS256"}"#, &deep);
    assert!(matches!(authenticate(&shared_secret(), &token), Err(AuthError::TokenUnreadable { .. })));
}

#[test]
fn extensions_and_tokens_for_other_purposes_are_refused() {
    let headers = [
        json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
        json!({"alg": "HS256", "crit": []}),
        json!({"alg": "HS256", "typ": "logout+jwt"}),
        json!({"alg": "HS256", "typ": "dpop+jwt"}),
        json!({"alg": "HS256", "typ": 1}),
        json!({"alg": 256}),
        json!({"typ": "JWT"}),
    ];
    for header in headers {
        let token = Key::secret().token_with(&header, &good());
        let refused = authenticate(&shared_secret(), &token);
        assert!(matches!(refused, Err(AuthError::TokenUnreadable { .. })), "{header}");
    }
    for typ in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        let token = Key::secret().token_with(&json!({"alg": "HS256", "typ": typ}), &good());
        assert!(authenticate(&shared_secret(), &token).is_ok(), "{typ}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    for text in
        ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d.e", "e30.e30.e30", "\u{1f511}.\u{1f511}.\u{1f511}"]
    {
        let refused = authenticate(&shared_secret(), text);
        assert!(matches!(refused, Err(AuthError::TokenUnreadable { .. })), "{text:?}");
    }
}

#[test]
fn no_error_repeats_what_it_was_given() {
    let secretive = Key::rsa().token(&claims(&json!({"password": "hunter2"})));
    let refused = authenticate(&shared_secret(), &secretive).unwrap_err();
    let (_, signature) = secretive.rsplit_once('.').expect("a signature");
    assert!(!format!("{refused} {refused:?}").contains(signature));
    assert!(!format!("{refused} {refused:?}").contains("hunter2"));
}
