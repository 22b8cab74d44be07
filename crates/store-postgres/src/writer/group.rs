use annals_store::PreparedAppend;
use tokio::sync::oneshot;

use super::judge::Verdict;

/// Events that share a transaction at the most, but for an append that is larger by itself.
const EVENTS_MAX: usize = 16_384;

/// A group that has so many bytes of payload and metadata takes no further append.
const BYTES_MAX: usize = 32 << 20;

/// Appends, and who waits for their verdicts.
pub(super) struct Request {
    pub(super) appends: Vec<PreparedAppend>,
    pub(super) answer: oneshot::Sender<Vec<Verdict>>,
}

/// Requests that share a transaction.
#[derive(Default)]
pub(super) struct Group {
    requests: Vec<Request>,
    events: usize,
    bytes: usize,
}

impl Group {
    pub(super) fn push(&mut self, request: Request) {
        let events = || request.appends.iter().flat_map(|append| &append.events);
        self.events += events().count();
        self.bytes += events()
            .map(|event| event.sent.payload.as_str().len() + event.sent.metadata.as_str().len())
            .sum::<usize>();
        self.requests.push(request);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Whether it takes no further request.
    pub(super) fn is_full(&self) -> bool {
        self.events >= EVENTS_MAX || self.bytes >= BYTES_MAX
    }

    /// How many requests share it.
    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    pub(super) fn appends(&self) -> Vec<&PreparedAppend> {
        self.requests.iter().flat_map(|request| &request.appends).collect()
    }

    /// Tells everybody what came of it: one verdict per append, in their order.
    pub(super) fn answer(self, verdicts: Vec<Verdict>) {
        let mut verdicts = verdicts.into_iter();
        for Request { appends, answer } in self.requests {
            // Whoever asked may be gone; what is committed stays.
            let _ = answer.send(verdicts.by_ref().take(appends.len()).collect());
        }
    }
}
