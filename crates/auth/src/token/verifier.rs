use std::sync::Arc;

use annals_store::Clock;

use super::{CompactToken, Expectations};
use crate::key::{Algorithm, KeySet, Verdict};
use crate::remote::RemoteKeys;
use crate::{AuthError, Caller};

/// Checks tokens: first the signature, then what they say.
pub(crate) struct TokenVerifier {
    pub(crate) keys: TrustedKeys,
    pub(crate) expected: Expectations,
    pub(crate) token_bytes_max: usize,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Where the keys are.
pub(crate) enum TrustedKeys {
    /// Here.
    Fixed(KeySet),
    /// With the issuer, who may change them.
    Remote(Box<RemoteKeys>),
}

impl TokenVerifier {
    pub(crate) async fn caller(&self, token: &str) -> Result<Caller, AuthError> {
        let claims = self.claims(token).await?;
        claims.caller(&self.expected, self.clock.now())
    }

    /// The claims of a token with a good signature, and nothing else checked.
    pub(crate) async fn claims(&self, token: &str) -> Result<super::Claims, AuthError> {
        let token = CompactToken::parse(token, self.token_bytes_max)?;
        let verdict = match &self.keys {
            TrustedKeys::Fixed(keys) => self.verify_with(keys, &token)?,
            TrustedKeys::Remote(remote) => {
                let keys = remote.keys().await?;
                match self.verify_with(&keys, &token)? {
                    Verdict::NoKey => match remote.newer_than(&keys).await {
                        Some(newer) => self.verify_with(&newer, &token)?,
                        None => Verdict::NoKey,
                    },
                    verdict => verdict,
                }
            }
        };
        match verdict {
            Verdict::Verified => token.claims(),
            Verdict::Refused => Err(AuthError::SignatureRefused),
            Verdict::NoKey => Err(AuthError::NoSuchKey {
                kid: token.kid().map(str::to_owned),
                algorithm: token.algorithm().as_str(),
            }),
        }
    }

    /// An algorithm that no key can be for is refused by its name. An issuer may yet publish keys of another one, but
    /// never a secret.
    fn verify_with(&self, keys: &KeySet, token: &CompactToken<'_>) -> Result<Verdict, AuthError> {
        let verdict = keys.verify(token.algorithm(), token.kid(), token.signed(), token.signature());
        let fixed = matches!(self.keys, TrustedKeys::Fixed(_)) || token.algorithm() == Algorithm::Hs256;
        if verdict == Verdict::NoKey && fixed && !keys.is_for(token.algorithm()) {
            let algorithm = token.algorithm().as_str().to_owned();
            return Err(AuthError::AlgorithmRefused { algorithm });
        }
        Ok(verdict)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::key::{JwkSet, NamedKey, VerifyingKey};
    use crate::{SharedSecret, base64url};

    fn examples() -> Vec<Value> {
        serde_json::from_str(include_str!("../../tests/data/rfc.json")).expect("a list")
    }

    fn key_of(example: &Value) -> KeySet {
        let jwk = &example["jwk"];
        if jwk["kty"] == "oct" {
            let secret = base64url::decode(jwk["k"].as_str().expect("a text")).expect("base64url");
            let key = VerifyingKey::secret(&SharedSecret::new(secret).expect("long enough"));
            return KeySet::new(vec![NamedKey { kid: None, key }]);
        }
        JwkSet::parse(serde_json::json!({"keys": [jwk]}).to_string().as_bytes()).expect("a key")
    }

    #[test]
    fn the_examples_of_the_specifications_verify_each_with_its_own_key_only() {
        let examples = examples();
        assert_eq!(examples.len(), 4);
        for (signed_by, example) in examples.iter().enumerate() {
            let token =
                CompactToken::parse(example["jws"].as_str().expect("a text"), 10_000).expect("a token");
            for (index, other) in examples.iter().enumerate() {
                let verdict =
                    key_of(other).verify(token.algorithm(), None, token.signed(), token.signature());
                let expected = if index == signed_by { Verdict::Verified } else { Verdict::NoKey };
                assert_eq!(verdict, expected, "{}", example["origin"]);
            }
        }
    }

    #[test]
    fn an_example_that_was_altered_does_not_verify() {
        for example in examples() {
            let text =
                example["jws"].as_str().expect("a text").replacen(".ey", ".fy", 1).replacen(".RX", ".SX", 1);
            let token = CompactToken::parse(&text, 10_000).expect("a token");
            let verdict = key_of(&example).verify(token.algorithm(), None, token.signed(), token.signature());
            assert_eq!(verdict, Verdict::Refused, "{}", example["origin"]);
        }
    }

    #[test]
    fn of_the_key_set_of_rfc_7517_the_key_for_signatures_is_taken() {
        let keys = JwkSet::parse(include_bytes!("../../tests/data/rfc7517-a1.json")).expect("a set");
        assert_eq!(keys.len(), 1);
        assert!(keys.is_for(Algorithm::Rs256) && !keys.is_for(Algorithm::Es256));
    }
}
