//! Signing the log's head, and the reasons not to.

use std::sync::Arc;

use annals_failpoint::{Bug, is_seeded};
use annals_store::{Store, StoreError};
use annals_tlog::{LogCheckpoint, Origin, SignedCheckpoint, Signer, TreeHead, VerifierKey};
use tokio::sync::Mutex;

use crate::error::blocking;
use crate::extension::{head_of, must_extend};
use crate::signing_state::{HeldState, SigningState};
use crate::{KeyHistory, ProofError};

/// Signs the checkpoints of one log, none of which contradicts another.
///
/// Before a note leaves the process, its size and root are on disk in the [`SigningState`], and the log was
/// proven to extend both what stood there before and the newest checkpoint kept in the store. Only who writes
/// a log signs for it. Where several processes do, each with a state of its own, what one of them kept serves
/// the others.
pub struct CheckpointSigner {
    store: Arc<dyn Store>,
    key: Box<dyn Signer + Send + Sync>,
    state: SigningState,
    /// Whoever signs holds this, so that requests which wait meanwhile share the signature. It holds the
    /// newest checkpoint that passed every check in this process.
    turn: Mutex<Option<SignedCheckpoint>>,
}

/// What is known of a log's past before its head is signed.
struct Past {
    held: HeldState,
    /// What is to be signed.
    head: TreeHead,
    /// What the signing state says.
    state: Option<TreeHead>,
    /// The newest kept checkpoint, signed by the key that spoke for the log then.
    kept: Option<SignedCheckpoint>,
}

impl CheckpointSigner {
    /// A signer for the log of `store`.
    ///
    /// # Errors
    /// [`ProofError::KeyOfAnotherLog`] if the key bears another name than the log.
    pub fn new(
        store: Arc<dyn Store>,
        key: impl Signer + Send + Sync + 'static,
        state: SigningState,
    ) -> Result<Self, ProofError> {
        let name = key.verifier_key().name();
        if name != store.origin().key_name() {
            return Err(ProofError::KeyOfAnotherLog {
                origin: store.origin().clone(),
                key: name.to_string(),
            });
        }
        Ok(Self { store, key: Box::new(key), state, turn: Mutex::new(None) })
    }

    /// The key that verifies what this signer signs.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        self.key.verifier_key()
    }

    /// The log that is signed.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The log's key, for a statement about what one of its checkpoints covers, such as the manifest of an export. What the
    /// statement says of the log was signed before, so that it can contradict nothing. No checkpoint is signed with it.
    #[must_use]
    pub fn voucher(&self) -> &(dyn Signer + Send + Sync) {
        &*self.key
    }

    /// Who signs.
    pub(crate) fn key(&self) -> &(dyn Signer + Send + Sync) {
        &*self.key
    }

    /// The keys of the log, as they follow from the first that is recorded beside it.
    pub(crate) async fn history(&self) -> Result<KeyHistory, ProofError> {
        KeyHistory::read(&*self.store, &[]).await
    }

    /// A checkpoint of everything that was committed when this was called, or of more.
    ///
    /// # Errors
    /// [`ProofError::Rewound`], [`ProofError::Forked`], [`ProofError::StateMissing`],
    /// [`ProofError::StateUnreadable`] or [`ProofError::KeyMismatch`] when signing could contradict what was
    /// signed; [`ProofError::Store`], [`ProofError::File`] or [`ProofError::Signer`] when it is not possible.
    pub async fn sign_now(&self) -> Result<SignedCheckpoint, ProofError> {
        self.covering(self.store.head().await?.size).await
    }

    /// A checkpoint of at least `size` events, all of which are committed. Requests that wait for each other
    /// share one signature.
    ///
    /// # Errors
    /// As [`Self::sign_now`]; also [`ProofError::Rewound`] if the log is smaller than `size`.
    pub async fn covering(&self, size: u64) -> Result<SignedCheckpoint, ProofError> {
        let mut newest = self.turn.lock().await;
        if let Some(newest) = newest.as_ref().filter(|newest| newest.unverified().size >= size) {
            return Ok(newest.clone());
        }
        let signed = loop {
            // Whoever is overtaken finds a larger checkpoint than its own now.
            if let Some(signed) = self.sign_head(size).await? {
                break signed;
            }
        };
        *newest = Some(signed.clone());
        Ok(signed)
    }

    /// Checks whether the head could be signed, without signing it.
    ///
    /// # Errors
    /// As [`Self::sign_now`].
    pub async fn check(&self) -> Result<(), ProofError> {
        let _turn = self.turn.lock().await;
        let past = self.past().await?;
        self.must_extend_past(&past).await
    }

    /// Takes a checkpoint of this log, of which somebody knows that it was the newest that left it, as what
    /// was signed last. Where the state is known already, it never moves backwards.
    ///
    /// # Errors
    /// [`ProofError::ForeignCheckpoint`] or [`ProofError::Tlog`] if it is not a checkpoint of this log by the
    /// key that spoke for it then; otherwise as [`Self::sign_now`], if the log does not extend it.
    pub async fn adopt(&self, checkpoint: &SignedCheckpoint) -> Result<TreeHead, ProofError> {
        let found = &checkpoint.unverified().origin;
        if found != self.store.origin() {
            return Err(ProofError::ForeignCheckpoint { origin: self.origin(), found: found.clone() });
        }
        let history = self.history().await?;
        let adopted = checkpoint.verify(self.keys_at(&history, checkpoint.unverified().size))?.tree();
        let _turn = self.turn.lock().await;
        let held = self.hold().await?;
        let (held, state) = blocking(move || {
            match held.read() {
                // It is for this that a checkpoint is adopted.
                Err(ProofError::StateUnreadable { .. }) => Ok((held, None)),
                read => read.map(|state| (held, state)),
            }
        })
        .await?;
        let kept = self.verified(self.store.newest_checkpoint().await?, &history)?;
        let head = head_of(&*self.store).await?;
        let known = [Some(adopted), state, kept.map(|kept| kept.unverified().tree())];
        let mut newest = adopted;
        for signed in known.into_iter().flatten() {
            must_extend(&*self.store, signed, head).await?;
            newest = if signed.size > newest.size { signed } else { newest };
        }
        blocking(move || held.write(newest)).await?;
        Ok(newest)
    }

    /// A checkpoint of at least `size` events: one that is kept, or one of the head. Nothing when another process kept
    /// a larger one meanwhile.
    async fn sign_head(&self, size: u64) -> Result<Option<SignedCheckpoint>, ProofError> {
        let past = self.past().await?;
        self.must_extend_past(&past).await?;
        let Past { held, head, state, kept } = past;
        if !is_seeded(Bug::NoteBeforeTail) {
            self.store.add_verifier_key(self.verifier_key()).await?;
        }
        let kept = kept.filter(|kept| kept.unverified().size >= size);
        let signed = kept.as_ref().map_or(head, |kept| kept.unverified().tree());
        // What was signed here and not kept, since the process ended, may be larger.
        if state.is_none_or(|state| state.size < signed.size) {
            blocking(move || held.write(signed)).await?;
        }
        if kept.is_some() {
            return Ok(kept);
        }
        let TreeHead { size, root } = head;
        let checkpoint = LogCheckpoint { origin: self.origin(), size, root, extensions: Vec::new() };
        let signed = SignedCheckpoint::sign(&checkpoint, &*self.key)?;
        if is_seeded(Bug::NoteBeforeTail) {
            let (store, key, note) = (self.store.clone(), self.verifier_key().clone(), signed.clone());
            tokio::spawn(async move {
                store.add_verifier_key(&key).await?;
                store.keep_checkpoint(&note).await
            });
            return Ok(Some(signed));
        }
        match self.store.keep_checkpoint(&signed).await {
            Ok(()) => Ok(Some(signed)),
            Err(StoreError::CheckpointRefused { .. }) if self.is_overtaken(size).await? => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a checkpoint is kept that is larger than one of `size` events.
    async fn is_overtaken(&self, size: u64) -> Result<bool, ProofError> {
        let newest = self.store.newest_checkpoint().await?;
        Ok(newest.is_some_and(|newest| newest.unverified().size > size))
    }

    /// Gathers what was signed, and refuses if that cannot be known, or another key speaks for the head.
    async fn past(&self) -> Result<Past, ProofError> {
        let held = self.hold().await?;
        // Before the head: another process may append and sign meanwhile, and what it keeps is larger than this head.
        let kept = self.store.newest_checkpoint().await?;
        // Before the history: a rotation that is recorded meanwhile stands behind this head.
        let head = head_of(&*self.store).await?;
        let history = self.history().await?;
        if !self.keys_at(&history, head.size).any(|key| key == self.verifier_key()) {
            return Err(self.key_mismatch(history.keys_at(head.size).next().cloned()));
        }
        let kept = self.verified(kept, &history)?;
        let (held, state) = blocking(move || held.read().map(|state| (held, state))).await?;
        match (&state, &kept) {
            (None, Some(kept)) => Err(self.state.missing(kept.unverified().size)),
            _ => Ok(Past { held, head, state, kept }),
        }
    }

    /// Refuses a head that does not extend everything that was signed.
    async fn must_extend_past(&self, past: &Past) -> Result<(), ProofError> {
        let kept = past.kept.as_ref().map(|kept| kept.unverified().tree());
        for signed in [past.state, kept].into_iter().flatten() {
            must_extend(&*self.store, signed, past.head).await?;
        }
        // Nothing older binds the first head that is signed, but its own tree does.
        let (stated, root) = (past.head.root, self.store.root_at(past.head.size).await?);
        if root == stated {
            return Ok(());
        }
        let reason = format!("the head states the root {stated}, but the stored tree has {root}");
        Err(StoreError::Corrupt { reason }.into())
    }

    /// A kept checkpoint, if a key signed it that spoke for the log then.
    fn verified(
        &self,
        kept: Option<SignedCheckpoint>,
        history: &KeyHistory,
    ) -> Result<Option<SignedCheckpoint>, ProofError> {
        let Some(kept) = kept else { return Ok(None) };
        match kept.verify(self.keys_at(history, kept.unverified().size)) {
            Ok(_) => Ok(Some(kept)),
            Err(annals_tlog::Error::NotSignedBy { .. }) => Err(self.key_mismatch(None)),
            Err(error) => Err(error.into()),
        }
    }

    /// The keys that speak for a size; the signer's own for a log that was never signed.
    fn keys_at<'a>(&'a self, history: &'a KeyHistory, size: u64) -> impl Iterator<Item = &'a VerifierKey> {
        let own = history.periods().is_empty().then(|| self.verifier_key());
        history.keys_at(size).chain(own)
    }

    async fn hold(&self) -> Result<HeldState, ProofError> {
        let state = self.state.clone();
        blocking(move || state.hold()).await
    }

    fn origin(&self) -> Origin {
        self.store.origin().clone()
    }

    fn key_mismatch(&self, recorded: Option<VerifierKey>) -> ProofError {
        ProofError::KeyMismatch {
            origin: self.origin(),
            recorded: recorded.map(Box::new),
            given: Box::new(self.verifier_key().clone()),
        }
    }
}
