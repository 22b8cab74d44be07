use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use annals::{Append, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::note::{Note, unrecorded};
use super::recorder::{Recorded, RecorderStatus, Waiting};
use super::repeats::Repeats;
use crate::logs::OpenLog;

/// Notes are gathered for so long after the first one, and then recorded together.
const GATHERING_TIME: Duration = Duration::from_millis(250);

/// So many are recorded together at the most.
const TOGETHER_MAX: usize = 512;

/// After this it is tried again to record what could not be.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// When the server is to end, it is tried so often to record what is left.
const LAST_TRIES: usize = 3;

/// Records notes in their log, in the background.
pub(super) struct Keeper {
    log: Arc<OpenLog>,
    waiting: mpsc::Receiver<Waiting>,
    status: Arc<RecorderStatus>,
    repeats: Repeats,
}

/// Notes that are recorded together.
#[derive(Default)]
struct Batch {
    notes: Vec<Note>,
    /// Who waits for them.
    told: Vec<oneshot::Sender<Recorded>>,
}

/// Why a batch is full.
enum Full {
    /// It is time.
    InTime,
    /// Nothing more comes, and somebody may wait for the end.
    AtTheEnd(Option<oneshot::Sender<()>>),
}

impl Keeper {
    pub(super) fn new(
        log: Arc<OpenLog>,
        waiting: mpsc::Receiver<Waiting>,
        status: Arc<RecorderStatus>,
    ) -> Self {
        Self { log, waiting, status, repeats: Repeats::default() }
    }

    /// Records what comes, until nobody is there any more who could send something.
    pub(super) async fn run(mut self) {
        let mut batch = Batch::default();
        loop {
            let full = self.gather(&mut batch).await;
            if let Full::AtTheEnd(ended) = full {
                batch.notes.extend(self.repeats.all());
                for _ in 0..LAST_TRIES {
                    self.record(&mut batch).await;
                    if batch.notes.is_empty() {
                        break;
                    }
                    sleep(RETRY_PAUSE).await;
                }
                // The log is to be closed: whoever waits must find nobody who holds it.
                drop(self);
                if let Some(ended) = ended {
                    let _ = ended.send(());
                }
                return;
            }
            self.record(&mut batch).await;
            if !batch.notes.is_empty() {
                sleep(RETRY_PAUSE).await;
            }
        }
    }

    /// Adds to a batch until it is to be recorded.
    async fn gather(&mut self, batch: &mut Batch) -> Full {
        let mut until = (!batch.notes.is_empty()).then(Instant::now);
        while batch.notes.len() < TOGETHER_MAX {
            let next = match (until, self.repeats.next_end()) {
                (Some(until), _) => timeout_at(until, self.waiting.recv()).await,
                (None, Some(end)) => tokio::select! {
                    next = self.waiting.recv() => Ok(next),
                    () = sleep_until(end) => {
                        batch.notes.extend(self.repeats.ended(Instant::now()));
                        return Full::InTime;
                    }
                },
                (None, None) => Ok(self.waiting.recv().await),
            };
            match next {
                Err(_) => return Full::InTime,
                Ok(None) => return Full::AtTheEnd(None),
                Ok(Some(Waiting::End(ended))) => return Full::AtTheEnd(Some(ended)),
                Ok(Some(Waiting::Now(note, told))) => {
                    batch.notes.push(note);
                    batch.told.push(told);
                    return Full::InTime;
                }
                Ok(Some(Waiting::Soon(note))) => {
                    batch.notes.extend(self.repeats.first(note, Instant::now()));
                }
            }
            if !batch.notes.is_empty() {
                until.get_or_insert(Instant::now() + GATHERING_TIME);
            }
        }
        Full::InTime
    }

    /// Records a batch. What cannot be recorded now stays in it; what never can is told to the operator.
    async fn record(&self, batch: &mut Batch) {
        let lost = self.status.unrecorded.swap(0, Ordering::Relaxed);
        let mut notes = std::mem::take(&mut batch.notes);
        let mut appends = Vec::with_capacity(notes.len() + 1);
        notes.retain(|note| match note.event() {
            Ok(event) => {
                appends.push(Append::event(event));
                true
            }
            Err(what) => {
                tracing::error!(what, request = note.request_id, "an access cannot be recorded");
                false
            }
        });
        if lost > 0 {
            tracing::error!(lost, "accesses were not recorded, because too many came at a time");
            appends.extend(unrecorded(lost).map(Append::event));
        }
        let verdicts = match appends.is_empty() {
            true => Vec::new(),
            false => self.log.log.store().append_each(appends).await,
        };
        let mut failure = None;
        let mut recorded = Recorded::Durably;
        if lost > 0 && !verdicts.last().is_some_and(Result::is_ok) {
            self.status.unrecorded.fetch_add(lost, Ordering::Relaxed);
        }
        for (note, verdict) in notes.into_iter().zip(verdicts) {
            match verdict {
                Ok(_) => {}
                Err(error @ StoreError::Unavailable { .. }) => {
                    failure = Some(error);
                    batch.notes.push(note);
                }
                Err(error) => {
                    tracing::error!(%error, request = note.request_id, "an access cannot be recorded");
                    self.status.is_lost();
                    recorded = Recorded::NotYet;
                }
            }
        }
        if let Some(error) = &failure {
            tracing::error!(%error, waiting = batch.notes.len(), "accesses cannot be recorded for the moment");
        }
        self.status.is_failing.store(failure.is_some(), Ordering::Relaxed);
        if failure.is_some() {
            recorded = Recorded::NotYet;
        }
        for told in batch.told.drain(..) {
            // Whoever does not wait any more was answered otherwise.
            let _ = told.send(recorded);
        }
    }
}
