use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use annals_store::{Appended, StoreError};

use super::settle::AppendedBatch;

/// What the store says to the appends of a batch.
pub(super) type Answer<'a> = Pin<Box<dyn Future<Output = Verdicts> + Send + 'a>>;

/// One verdict for each append.
pub(super) type Verdicts = Vec<Result<Appended, StoreError>>;

/// Batches that are under way at the most. Small records fill a transaction of the writer with them, and the next one
/// while it is written, as large as those of bulk appends; more would only take memory.
const BATCHES_MAX: usize = 12;

/// Bytes of records beyond which no further batch is handed over: what is made of them takes some times as much
/// memory.
const BYTES_MAX: usize = 12 << 20;

/// Batches that were handed to the store, in their order, each with its answer.
///
/// Several are under way at once, so that one is prepared while another is written, and so that whatever waits when
/// the writer is free shares a transaction, and with it a sync. The store takes appends in the order in which their
/// futures are first polled, which is that of the batches.
pub(super) struct UnderWay<'a> {
    batches: VecDeque<(AppendedBatch, State<'a>)>,
    bytes: usize,
}

enum State<'a> {
    Waiting(Answer<'a>),
    Answered(Verdicts),
}

impl<'a> UnderWay<'a> {
    pub(super) fn new() -> Self {
        Self { batches: VecDeque::new(), bytes: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Whether a further batch may be handed over.
    pub(super) fn has_room(&self) -> bool {
        self.batches.len() < BATCHES_MAX && self.bytes < BYTES_MAX
    }

    pub(super) fn push(&mut self, batch: AppendedBatch, answer: Answer<'a>) {
        self.bytes += batch.bytes();
        self.batches.push_back((batch, State::Waiting(answer)));
    }

    /// Waits for the answer to the first batch, while all of them go on; never ready when there is none.
    ///
    /// Giving it up loses nothing: answers that came meanwhile are kept.
    pub(super) async fn next(&mut self) -> (AppendedBatch, Verdicts) {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<(AppendedBatch, Verdicts)> {
        for (_, state) in &mut self.batches {
            if let State::Waiting(answer) = state
                && let Poll::Ready(verdicts) = answer.as_mut().poll(context)
            {
                *state = State::Answered(verdicts);
            }
        }
        match self.batches.pop_front() {
            Some((batch, State::Answered(verdicts))) => {
                self.bytes -= batch.bytes();
                Poll::Ready((batch, verdicts))
            }
            Some(waiting) => {
                self.batches.push_front(waiting);
                Poll::Pending
            }
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::task::Waker;

    fn batch(bytes: usize) -> AppendedBatch {
        AppendedBatch::without_records(bytes)
    }

    #[test]
    fn answers_come_in_the_order_of_the_batches_whichever_is_ready_first() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let mut under_way = UnderWay::new();
        under_way.push(batch(1), Box::pin(async { receiver.await.unwrap() }));
        under_way.push(batch(2), Box::pin(ready(Vec::new())));
        under_way.push(batch(3), Box::pin(pending()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(under_way.poll_next(&mut context).is_pending());
        sender.send(Vec::new()).unwrap();
        for bytes in [1, 2] {
            let Poll::Ready((answered, _)) = under_way.poll_next(&mut context) else { panic!("answered") };
            assert_eq!(answered.bytes(), bytes);
        }
        assert!(under_way.poll_next(&mut context).is_pending());
        assert!(!under_way.is_empty());
    }

    #[test]
    fn there_is_room_for_some_batches_and_some_bytes() {
        let mut small = UnderWay::new();
        for _ in 0..BATCHES_MAX {
            assert!(small.has_room());
            small.push(batch(1), Box::pin(ready(Vec::new())));
        }
        assert!(!small.has_room());
        let Poll::Ready(_) = small.poll_next(&mut Context::from_waker(Waker::noop())) else {
            panic!("ready")
        };
        assert!(small.has_room());
        let mut large = UnderWay::new();
        large.push(batch(BYTES_MAX), Box::pin(pending()));
        assert!(!large.has_room());
    }
}
