use super::{Algorithm, VerifyingKey};

/// A key and the name that tokens call it by. One without a name goes by any.
#[derive(Debug)]
pub(crate) struct NamedKey {
    pub(crate) kid: Option<String>,
    pub(crate) key: VerifyingKey,
}

/// The keys that are trusted at one moment.
#[derive(Debug, Default)]
pub(crate) struct KeySet(Vec<NamedKey>);

/// What came of looking for the key of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// One of the keys made it.
    Verified,
    /// There are keys of that name and algorithm, and none of them made it.
    Refused,
    /// There is no key of that name and algorithm.
    NoKey,
}

impl KeySet {
    /// More keys than this are none of an issuer's; each may be tried on a token that names none.
    pub(crate) const KEYS_MAX: usize = 64;

    pub(crate) fn new(keys: Vec<NamedKey>) -> Self {
        Self(keys)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.0.iter().any(|named| named.key.algorithm() == algorithm)
    }

    /// Looks for the key of a signature. What a token says of key and algorithm narrows down which keys are tried,
    /// and never what a key is tried for.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
        signed: &[u8],
        signature: &[u8],
    ) -> Verdict {
        let mut verdict = Verdict::NoKey;
        for named in self.0.iter().filter(|named| named.answers_to(algorithm, kid)) {
            if named.key.verifies(signed, signature) {
                return Verdict::Verified;
            }
            verdict = Verdict::Refused;
        }
        verdict
    }
}

impl NamedKey {
    fn answers_to(&self, algorithm: Algorithm, kid: Option<&str>) -> bool {
        let same_name = match (kid, self.kid.as_deref()) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        same_name && self.key.algorithm() == algorithm
    }
}
