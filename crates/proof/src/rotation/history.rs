//! Which key speaks for which part of a log.

use annals_store::Store;
use annals_tlog::VerifierKey;

use super::KeyRotation;
use super::event::{RotationClaim, claims};
use crate::ProofError;

/// The keys of a log, as far as they follow from those that are trusted.
///
/// From a trusted key the rotations lead on to the keys after it, each signed by both; and back to those before
/// it, for which their successor vouches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyHistory {
    periods: Vec<KeyPeriod>,
    refused: Vec<RefusedRotation>,
}

/// The part of a log's life for which one key speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPeriod {
    /// The key.
    pub key: VerifierKey,
    /// The rotation that brought it; none for a log's first key.
    pub began: Option<KeyRotation>,
    /// The rotation that took it away; none for the present key.
    pub ended: Option<KeyRotation>,
}

/// An event that claims to be a rotation of this log and hands nothing over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedRotation {
    /// Where it stands.
    pub(crate) position: u64,
    /// Why it does not count.
    pub(crate) reason: String,
}

impl KeyHistory {
    /// The history that the rotations in a log make of `trusted` keys; of the first key that is recorded beside
    /// the log, if there are none.
    ///
    /// # Errors
    /// [`ProofError::Store`].
    pub async fn read(store: &dyn Store, trusted: &[VerifierKey]) -> Result<Self, ProofError> {
        let claims = claims(store).await?;
        if trusted.is_empty() {
            let first = store.verifier_keys().await?.into_iter().take(1).collect::<Vec<_>>();
            return Ok(Self::of_claims(&first, claims));
        }
        Ok(Self::of_claims(trusted, claims))
    }

    /// The history that follows from `trusted` keys and rotations of which somebody has the notes, in any order.
    #[must_use]
    pub fn of_notes(trusted: &[VerifierKey], rotations: Vec<KeyRotation>) -> Self {
        let claim =
            |rotation: KeyRotation| RotationClaim { position: rotation.at.size, rotation: Ok(rotation) };
        Self::of_claims(trusted, rotations.into_iter().map(claim).collect())
    }

    fn of_claims(trusted: &[VerifierKey], mut claims: Vec<RotationClaim>) -> Self {
        claims.sort_by_key(|claim| claim.position);
        let rotations: Vec<&KeyRotation> =
            claims.iter().filter_map(|claim| claim.rotation.as_ref().ok()).collect();
        let mut periods: Vec<KeyPeriod> = Vec::new();
        for key in trusted {
            if !periods.iter().any(|period| period.key == *key) {
                periods.extend(chain_through(key, &rotations));
            }
        }
        let is_passed =
            |rotation: &KeyRotation| periods.iter().any(|period| period.began.as_ref() == Some(rotation));
        let refused = claims
            .into_iter()
            .filter_map(|RotationClaim { position, rotation }| {
                let reason = match rotation {
                    Err(reason) => reason,
                    Ok(rotation) if is_passed(&rotation) => return None,
                    Ok(rotation) => format!("{} was not the key of the log in front of it", rotation.from),
                };
                Some(RefusedRotation { position, reason })
            })
            .collect();
        Self { periods, refused }
    }

    /// The periods, in the order of the log.
    #[must_use]
    pub fn periods(&self) -> &[KeyPeriod] {
        &self.periods
    }

    /// The keys that may sign a checkpoint of this size: one, unless several that are not bound to each other
    /// are trusted.
    pub fn keys_at(&self, size: u64) -> impl Iterator<Item = &VerifierKey> {
        self.periods.iter().filter(move |period| period.speaks_for(size)).map(|period| &period.key)
    }

    /// The key that signs now.
    #[must_use]
    pub fn current(&self) -> Option<&VerifierKey> {
        self.periods.last().map(|period| &period.key)
    }

    /// What claims to be a rotation and is none.
    pub(crate) fn refused(&self) -> &[RefusedRotation] {
        &self.refused
    }
}

impl KeyPeriod {
    /// Whether the key may sign a checkpoint of this size. The event of a rotation at position n is the first
    /// for which the new key speaks: it signs sizes above n.
    #[must_use]
    pub fn speaks_for(&self, size: u64) -> bool {
        self.began.as_ref().is_none_or(|began| size > began.at.size)
            && self.ended.as_ref().is_none_or(|ended| size <= ended.at.size)
    }
}

/// The periods of the keys before and after `trusted`, and its own, in their order. Each step leads to a
/// greater or to a lesser position, so it ends, whatever the rotations say.
fn chain_through(trusted: &VerifierKey, rotations: &[&KeyRotation]) -> Vec<KeyPeriod> {
    let began = rotations.iter().find(|rotation| rotation.to == *trusted);
    let mut passed: Vec<&KeyRotation> = began.into_iter().copied().collect();
    while let Some(first) = passed.first().copied() {
        let mut before = rotations.iter().filter(|rotation| rotation.at.size < first.at.size);
        match before.find(|rotation| rotation.to == first.from) {
            Some(earlier) => passed.insert(0, earlier),
            None => break,
        }
    }
    let (mut key, mut after) = (trusted, began.map(|began| began.at.size));
    while let Some(next) = rotations
        .iter()
        .find(|rotation| rotation.from == *key && after.is_none_or(|after| rotation.at.size > after))
    {
        passed.push(next);
        (key, after) = (&next.to, Some(next.at.size));
    }
    let first = passed.first().map_or(trusted, |first| &first.from);
    let keys = std::iter::once(first).chain(passed.iter().map(|rotation| &rotation.to));
    let began = std::iter::once(None).chain(passed.iter().map(|rotation| Some((*rotation).clone())));
    let ended = passed.iter().map(|rotation| Some((*rotation).clone())).chain(std::iter::once(None));
    keys.zip(began.zip(ended))
        .map(|(key, (began, ended))| KeyPeriod { key: key.clone(), began, ended })
        .collect()
}
