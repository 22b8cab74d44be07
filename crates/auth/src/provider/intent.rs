use annals_event::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::{AuthError, base64url, random};

/// How long somebody may take to sign in.
const LIFETIME_MICROS: i64 = 600 * 1_000_000;

/// What the second half of a sign-in has to know of the first.
#[derive(Serialize, Deserialize)]
pub(super) struct Intent {
    state: String,
    nonce: String,
    verifier: String,
    return_to: String,
    /// Microseconds since 1970.
    expires: i64,
}

impl Intent {
    pub(super) fn new(return_to: &str, now: Timestamp) -> Result<Self, AuthError> {
        let word = || random::bytes::<32>().map(base64url::encode);
        Ok(Self {
            state: word()?,
            nonce: word()?,
            verifier: word()?,
            return_to: on_this_server(return_to).to_owned(),
            expires: now.as_micros().saturating_add(LIFETIME_MICROS),
        })
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn read(json: &[u8], now: Timestamp) -> Option<Self> {
        let intent: Self = serde_json::from_slice(json).ok()?;
        (now.as_micros() < intent.expires).then_some(intent)
    }

    pub(super) fn state(&self) -> &str {
        &self.state
    }

    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    pub(super) fn verifier(&self) -> &str {
        &self.verifier
    }

    /// RFC 7636 section 4.2, method S256.
    pub(super) fn code_challenge(&self) -> String {
        base64url::encode(digest::digest(&digest::SHA256, self.verifier.as_bytes()))
    }

    pub(super) fn was_sent_with(&self, state: Option<&str>) -> bool {
        is(&self.state, state)
    }

    pub(super) fn is_answered_by(&self, nonce: Option<&str>) -> bool {
        is(&self.nonce, nonce)
    }

    pub(super) fn into_return_to(self) -> String {
        self.return_to
    }
}

fn is(expected: &str, said: Option<&str>) -> bool {
    said.is_some_and(|said| expected.as_bytes().ct_eq(said.as_bytes()).into())
}

/// A path, or `/` for whatever a browser could take for an address elsewhere.
fn on_this_server(path: &str) -> &str {
    let is_path = path.starts_with('/') && !path.starts_with("//");
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain && path.len() <= 1_024 { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_server_after_signing_in() {
        for fine in ["/", "/events?type=OrderPlaced#7", "/a//b"] {
            assert_eq!(on_this_server(fine), fine);
        }
        let elsewhere = [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "evil",
            "/\t/evil.example",
            "/ö",
        ];
        for path in elsewhere {
            assert_eq!(on_this_server(path), "/", "{path:?}");
        }
    }

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        let mut intent = Intent::new("/", Timestamp::UNIX_EPOCH).expect("an intent");
        intent.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        assert_eq!(intent.code_challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_sign_in_that_took_too_long_is_over() {
        let intent = Intent::new("/", Timestamp::UNIX_EPOCH).expect("an intent");
        let after = |micros| Timestamp::from_micros(micros).expect("a time");
        assert!(Intent::read(&intent.to_json(), after(LIFETIME_MICROS - 1)).is_some());
        assert!(Intent::read(&intent.to_json(), after(LIFETIME_MICROS)).is_none());
    }
}
