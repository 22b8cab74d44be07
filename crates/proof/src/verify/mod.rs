//! Verification of a whole log: everything is recomputed from the rows, nothing that is stored is believed.

mod checkpoints;
mod event_ids;
mod events;
mod key_history;
mod page;
mod problems;
mod published;
mod run;
mod stream_versions;
mod tail;
mod tree;

use std::collections::VecDeque;
use std::sync::Arc;

use annals_store::{Problem, Store};
use annals_tlog::{Hash, SignedCheckpoint, VerifierKey};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::{KeyPeriod, Predecessor, ProofError};
use page::{HashedPage, PageReader};
pub use published::{PublishedLog, verify_published};
use run::Run;
use stream_versions::StreamKeys;

/// So many pages wait to be hashed or are being hashed: one reader cannot feed more, and each page takes megabytes.
const PAGES_IN_FLIGHT_MAX: usize = 5;

/// With what a log is verified.
#[derive(Clone)]
pub struct VerifyOptions<'a> {
    /// The keys to trust. Where there are none, the keys beside the store are taken, and whoever could alter
    /// the store could have exchanged them.
    pub verifier_keys: Vec<VerifierKey>,
    /// Checkpoints that somebody kept elsewhere; the log must agree with them too.
    pub checkpoints: Vec<SignedCheckpoint>,
    /// How many problems are named; the rest are counted.
    pub problems_max: usize,
    /// Is told now and then how far it is.
    pub progress: Option<&'a (dyn Fn(VerifyProgress) + Send + Sync)>,
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyProgress {
    /// Positions that were looked at.
    pub checked: u64,
    /// The size of the log when the verification began.
    pub size: u64,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Whether nothing at all was found to be wrong.
    pub ok: bool,
    /// The size of the log when the verification began; later events were not looked at.
    pub size: u64,
    /// The root over the recomputed leaves, where an event that was altered or is missing counts with the
    /// hash that is stored of it; `None` if too little is left to compute it.
    pub root: Option<Hash>,
    /// How many events were recomputed.
    pub events: u64,
    /// How many checkpoints, kept and given, are signed and agree with the log.
    pub checkpoints: u64,
    /// How many events stand behind the largest of these: nobody's signature vouches for them yet.
    pub unsigned_tail: u64,
    /// The keys whose signatures counted, and for which part of the log.
    pub keys: Vec<KeyPeriod>,
    /// The log for which this one goes on, if its first event names one. Whether that is true, only that log
    /// can show.
    pub predecessor: Option<Predecessor>,
    /// What is wrong, in the order in which it was found.
    pub problems: Vec<Problem>,
    /// How many problems were found beyond those that are named.
    pub problems_omitted: u64,
    /// What the store could not look at, and why, a sentence each. Nothing is known to be wrong with it.
    pub unchecked: Vec<String>,
}

impl Default for VerifyOptions<'_> {
    /// The keys beside the store, its own checkpoints, and the first 1,000 problems.
    fn default() -> Self {
        Self { verifier_keys: Vec::new(), checkpoints: Vec::new(), problems_max: 1_000, progress: None }
    }
}

/// Verifies a whole log.
///
/// Every leaf is recomputed from its row and compared with what is stored of the tree, at every level; then
/// the root with the head and with every checkpoint, whose signatures are checked; then order, versions,
/// identities, and what the store itself can inspect.
///
/// Rows are read once, page by page, while others are hashed on other threads and the store looks at what it
/// keeps beside them. Memory does not grow with the log but for about 60 bytes per stream; the ids of logs of
/// more than 262,144 events go through a temporary file of 24 bytes per event.
///
/// What is wrong with the log is in the answer, not an error.
///
/// # Errors
/// [`ProofError::Store`] if the store cannot be read, [`ProofError::File`] if there is no room for temporary
/// files, [`ProofError::Interrupted`].
pub async fn verify(store: &dyn Store, options: VerifyOptions<'_>) -> Result<Verification, ProofError> {
    let mut run = Run::begin(store, options).await?;
    let mut reader = PageReader::new(store, run.size());
    let keys = Arc::new(StreamKeys::default());
    let mut in_flight: VecDeque<JoinHandle<HashedPage>> = VecDeque::new();
    loop {
        let fold = async {
            let full = in_flight.len() >= PAGES_IN_FLIGHT_MAX;
            match in_flight.pop_front_if(|_| full) {
                Some(hashing) => run.fold(hashing.await.map_err(|_| ProofError::Interrupted)?).await,
                None => Ok(()),
            }
        };
        let (page, folded) = tokio::join!(reader.next_page(), fold);
        folded?;
        let Some(page) = page? else { break };
        let (keys, inspector) = (Arc::clone(&keys), run.inspector());
        in_flight.push_back(spawn_blocking(move || page.hash(&keys, &*inspector)));
    }
    for hashing in in_flight {
        run.fold(hashing.await.map_err(|_| ProofError::Interrupted)?).await?;
    }
    run.finish().await
}
