//! JSON Web Key Sets (RFC 7517), of which the public keys for signatures are taken.

use serde::Deserialize;

use super::{Algorithm, KeySet, NamedKey, VerifyingKey};
use crate::base64url;

/// A set as an issuer publishes it. Members that are not known are passed over (RFC 7517 section 4).
#[derive(Deserialize)]
pub(crate) struct JwkSet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl JwkSet {
    /// The keys that tokens can be checked with. Others are passed over, as RFC 7517 section 5 asks; among them
    /// every secret one (`oct`), for what is published is no secret.
    pub(crate) fn parse(json: &[u8]) -> Result<KeySet, String> {
        let set: Self = serde_json::from_slice(json).map_err(|error| format!("it is no key set: {error}"))?;
        if set.keys.len() > KeySet::KEYS_MAX {
            return Err(format!("it holds {} keys, more than {}", set.keys.len(), KeySet::KEYS_MAX));
        }
        let keys: Vec<NamedKey> = set
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok().and_then(Jwk::into_key))
            .collect();
        if keys.is_empty() {
            return Err("it holds no key for RS256, ES256 or EdDSA".to_owned());
        }
        Ok(KeySet::new(keys))
    }
}

impl Jwk {
    fn into_key(self) -> Option<NamedKey> {
        let signs = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
        let verifies = self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !(signs && verifies) {
            return None;
        }
        let key = self.key().ok()?;
        let fits = self.alg.as_deref().is_none_or(|alg| Algorithm::named(alg) == Some(key.algorithm()));
        fits.then_some(NamedKey { kid: self.kid, key })
    }

    fn key(&self) -> Result<VerifyingKey, &'static str> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => VerifyingKey::rsa(&bytes(self.n.as_ref())?, &bytes(self.e.as_ref())?),
            ("EC", Some("P-256")) => {
                let point = [vec![4], bytes(self.x.as_ref())?, bytes(self.y.as_ref())?].concat();
                VerifyingKey::p256(&point)
            }
            ("OKP", Some("Ed25519")) => VerifyingKey::ed25519(&bytes(self.x.as_ref())?),
            _ => Err("it is neither RSA nor on P-256 nor Ed25519"),
        }
    }
}

fn bytes(member: Option<&String>) -> Result<Vec<u8>, &'static str> {
    member.and_then(|text| base64url::decode(text)).ok_or("a number of it is missing or no base64url")
}
