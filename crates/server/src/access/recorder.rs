use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::keeper::Keeper;
use super::note::Note;
use crate::logs::OpenLog;
use crate::options::AccessRecording;
use crate::problem::RequestError;

/// So many notes wait for being recorded at the most.
const WAITING_MAX: usize = 4_096;

/// Records who asks what, in the background.
pub(crate) struct Recorder {
    notes: mpsc::Sender<Waiting>,
    /// What records them, until the first one comes: only then there is a runtime for certain.
    keeper: Mutex<Option<Keeper>>,
    recording: AccessRecording,
    status: Arc<RecorderStatus>,
}

/// How the recording stands.
#[derive(Debug, Default)]
pub(super) struct RecorderStatus {
    /// Whether what was to be recorded last could not be.
    pub(super) is_failing: AtomicBool,
    /// Requests that were answered and not recorded, and of which no event tells yet.
    pub(super) unrecorded: AtomicU64,
    /// All of these since the server began.
    lost: AtomicU64,
}

impl RecorderStatus {
    /// Notes that a request was answered and not recorded.
    pub(super) fn is_lost(&self) {
        self.unrecorded.fetch_add(1, Ordering::Relaxed);
        self.lost.fetch_add(1, Ordering::Relaxed);
    }
}

/// Something for the keeper.
pub(super) enum Waiting {
    /// To be recorded soon.
    Soon(Note),
    /// To be recorded at once, and said so.
    Now(Note, oneshot::Sender<Recorded>),
    /// Everything is to be recorded, and then nothing more.
    End(oneshot::Sender<()>),
}

/// Whether a note stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorded {
    Durably,
    /// Not yet; it is tried again.
    NotYet,
}

/// A place for the note of a request that is not answered yet.
pub(super) type Place = mpsc::OwnedPermit<Waiting>;

impl Recorder {
    /// Records in `log`.
    pub(crate) fn new(log: Arc<OpenLog>, recording: AccessRecording) -> Self {
        let (notes, waiting) = mpsc::channel(WAITING_MAX);
        let status = Arc::new(RecorderStatus::default());
        let keeper = Mutex::new(Some(Keeper::new(log, waiting, status.clone())));
        Self { notes, keeper, recording, status }
    }

    /// A place for a request that is to be recorded; `None` where it need not be certain that it is.
    ///
    /// # Errors
    /// [`RequestError::NotRecorded`] where everything must be recorded and cannot be.
    pub(super) fn reserve(&self) -> Result<Option<Place>, RequestError> {
        self.start();
        match (self.recording, self.notes.clone().try_reserve_owned()) {
            (_, Ok(place)) if !self.is_failing() => Ok(Some(place)),
            (AccessRecording::WherePossible, Ok(place)) => Ok(Some(place)),
            (AccessRecording::WherePossible, Err(_)) => Ok(None),
            (AccessRecording::Always, _) => Err(RequestError::NotRecorded),
        }
    }

    /// Has a note recorded soon.
    pub(super) fn soon(&self, place: Option<Place>, note: Note) {
        match place {
            Some(place) => drop(place.send(Waiting::Soon(note))),
            None => self.is_lost(),
        }
    }

    /// Has a note recorded for which there is no place yet, if there is one.
    pub(super) fn soon_if_possible(&self, note: Note) {
        if self.notes.try_send(Waiting::Soon(note)).is_err() {
            self.is_lost();
        }
    }

    /// Has a note recorded before anything else happens.
    ///
    /// # Errors
    /// [`RequestError::NotRecorded`] where everything must be recorded, and it is not yet.
    pub(super) async fn now(&self, place: Option<Place>, note: Note) -> Result<(), RequestError> {
        let (told, verdict) = oneshot::channel();
        let recorded = match place {
            Some(place) => {
                drop(place.send(Waiting::Now(note, told)));
                verdict.await.unwrap_or(Recorded::NotYet)
            }
            None => {
                self.is_lost();
                Recorded::NotYet
            }
        };
        match (recorded, self.recording) {
            (Recorded::Durably, _) | (_, AccessRecording::WherePossible) => Ok(()),
            (Recorded::NotYet, AccessRecording::Always) => Err(RequestError::NotRecorded),
        }
    }

    /// Records what is left, and lets go of the log.
    pub(crate) async fn end(&self) {
        self.start();
        let (told, ended) = oneshot::channel();
        if self.notes.send(Waiting::End(told)).await.is_ok() {
            // Where nobody answers, it has ended before.
            let _ = ended.await;
        }
    }

    /// How many notes wait for being recorded.
    pub(crate) fn waiting(&self) -> usize {
        self.notes.max_capacity().saturating_sub(self.notes.capacity())
    }

    /// How many requests were answered since the server began and not recorded.
    pub(crate) fn unrecorded(&self) -> u64 {
        self.status.lost.load(Ordering::Relaxed)
    }

    fn start(&self) {
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(keeper) = keeper {
            tokio::spawn(keeper.run());
        }
    }

    fn is_failing(&self) -> bool {
        self.status.is_failing.load(Ordering::Relaxed)
    }

    fn is_lost(&self) {
        self.status.is_lost();
    }
}
