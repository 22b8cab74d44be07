//! Carrying out a rotation.

use annals_store::StoreError;
use annals_tlog::Signer;

use super::KeyRotation;
use crate::{CheckpointSigner, ProofError};

/// How often it is tried again where somebody appends between the signature and the event.
const ATTEMPTS_MAX: u32 = 100;

impl CheckpointSigner {
    /// Hands the log over to another key: signs its head a last time, has both keys sign the rotation, and
    /// records it as the next event. From then on this signer is refused, and `to` signs.
    ///
    /// It may be interrupted anywhere: the log has gone over exactly when the event is recorded. So `to` must
    /// be kept durably before this is called.
    ///
    /// # Errors
    /// As [`Self::sign_now`]; [`ProofError::KeyOfAnotherLog`]; [`ProofError::RotationRefused`] if `to` is a key
    /// that the log has or had. If the append fails with [`StoreError::Unavailable`], only the log can say
    /// whether it was recorded.
    pub async fn rotate(&self, to: &(impl Signer + Sync + ?Sized)) -> Result<KeyRotation, ProofError> {
        self.must_be_new(to).await?;
        let mut attempt = 1;
        loop {
            let at = self.sign_now().await?.unverified().tree();
            let rotation = KeyRotation::sign(self.store().origin(), at, self.key(), to)?;
            // Nothing may stand between the signed head and the event, for its position is what was signed.
            match self.store().append(rotation.to_append()?).await {
                Ok(_) => {
                    self.store().add_verifier_key(to.verifier_key()).await?;
                    return Ok(rotation);
                }
                Err(StoreError::ConditionFailed { .. }) if attempt < ATTEMPTS_MAX => attempt += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A key that comes back could be played against the time in which it did not speak.
    async fn must_be_new(&self, to: &(impl Signer + Sync + ?Sized)) -> Result<(), ProofError> {
        let key = to.verifier_key();
        if key.name() != self.store().origin().key_name() {
            return Err(ProofError::KeyOfAnotherLog {
                origin: self.store().origin().clone(),
                key: key.name().to_string(),
            });
        }
        let history = self.history().await?;
        if history.periods().iter().any(|period| period.key == *key) || key == self.verifier_key() {
            return Err(super::refused(format!("{key} is a key that the log has or had")));
        }
        Ok(())
    }
}
