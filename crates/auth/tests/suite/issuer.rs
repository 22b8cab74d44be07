//! Somebody who signs tokens, also such as nobody should.

use annals_auth::{AuthError, AuthOptions, Authenticator, Caller, KeySource, PublicKeyPem, SharedSecret};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use ring::{hmac, rsa};
use serde_json::{Value, json};

use crate::test_clock::{START, TestClock};

pub(crate) const SECRET: &str = "a secret of tests, of which all is known";
pub(crate) const RSA_PEM: &str = include_str!("../data/rsa.pub.pem");
pub(crate) const P256_PEM: &str = include_str!("../data/p256.pub.pem");
pub(crate) const ED25519_PEM: &str = include_str!("../data/ed25519.pub.pem");

/// What a token is signed with.
pub(crate) enum Key {
    Secret(Vec<u8>),
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    pub(crate) fn secret() -> Self {
        Self::Secret(SECRET.into())
    }

    pub(crate) fn rsa() -> Self {
        let der = der(include_str!("../data/rsa.key.pem"));
        Self::Rsa(RsaKeyPair::from_pkcs8(&der).expect("a key"))
    }

    pub(crate) fn p256() -> Self {
        let der = der(include_str!("../data/p256.key.pem"));
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new());
        Self::P256(pair.expect("a key"))
    }

    pub(crate) fn ed25519() -> Self {
        Self::ed25519_of(include_str!("../data/ed25519.key.pem"))
    }

    pub(crate) fn next_ed25519() -> Self {
        Self::ed25519_of(include_str!("../data/ed25519-next.key.pem"))
    }

    fn ed25519_of(pem: &str) -> Self {
        Self::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der(pem)).expect("a key"))
    }

    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Self::Secret(_) => "HS256",
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Secret(secret) => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
            }
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect("signed");
                signature
            }
            Self::P256(pair) => pair.sign(&random, message).expect("signed").as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    /// The public key as an issuer publishes it.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Secret(secret) => json!({"kty": "oct", "kid": kid, "k": b64(secret)}),
            Self::Rsa(pair) => {
                let rsa::PublicKeyComponents { n, e } =
                    rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "kid": kid, "use": "sig", "n": b64(n), "e": b64(e)})
            }
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (b64(&point[1..33]), b64(&point[33..]));
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "alg": "ES256", "x": x, "y": y})
            }
            Self::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64(pair.public_key().as_ref())})
            }
        }
    }

    /// A token with the header that belongs to the key.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({"alg": self.algorithm(), "typ": "JWT"}), claims)
    }

    pub(crate) fn token_of(&self, kid: &str, claims: &Value) -> String {
        self.token_with(&json!({"alg": self.algorithm(), "kid": kid}), claims)
    }

    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        self.token_of_texts(&header.to_string(), &claims.to_string())
    }

    pub(crate) fn token_of_texts(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", b64(header), b64(claims));
        let signature = b64(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

pub(crate) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Claims that are accepted; what `others` say goes before.
pub(crate) fn claims(others: &Value) -> Value {
    let mut claims = json!({"sub": "maria", "exp": START + 600, "roles": ["auditor"], "logs": ["*"]});
    for (name, value) in others.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

pub(crate) fn shared_secret() -> AuthOptions {
    AuthOptions::new(KeySource::SharedSecret(SharedSecret::from_text(SECRET).expect("long enough")))
}

/// All three kinds of public keys, by the names `rsa`, `p256` and `ed25519`.
pub(crate) fn public_keys() -> AuthOptions {
    let keys = [("rsa", RSA_PEM), ("p256", P256_PEM), ("ed25519", ED25519_PEM)];
    let keys = keys.map(|(kid, pem)| PublicKeyPem { kid: Some(kid.to_owned()), pem: pem.to_owned() });
    AuthOptions::new(KeySource::PublicKeys(keys.to_vec()))
}

/// What comes of a token at the time when the tests begin.
pub(crate) fn authenticate(options: &AuthOptions, token: &str) -> Result<Caller, AuthError> {
    let authenticator = Authenticator::new(options, TestClock::new()).expect("good options");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(authenticator.authenticate(token))
}

fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(base64).expect("base64")
}
