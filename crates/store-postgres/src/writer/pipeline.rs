use std::collections::VecDeque;
use std::pin::pin;

use tokio::sync::mpsc;

use super::group::{Group, Request};
use super::known::Doubt;
use super::statement::GroupAnswer;
use super::turn::Sent;
use super::turns::Writer;
use crate::errors::{Failure, FailureKind};

/// So many groups are under way at a time: while the server writes one, the next is judged and lies ready on its side.
const UNDER_WAY_MAX: usize = 2;

/// A group follows another one before that is answered when at least the so-manieth part of its requests waits: small
/// groups cost a sync each.
const PART_OF_FORMER: usize = 4;

/// Groups on their way to the server, one behind the other over one connection. Each is judged as if those before it
/// were written; its gate is passed only if they are.
pub(super) struct Pipeline {
    writer: Writer,
    under_way: VecDeque<(Group, Sent)>,
    waiting: Group,
}

/// What came of a group that was under way.
type Outcome = Result<GroupAnswer, Failure>;

impl Pipeline {
    pub(super) fn new(writer: Writer) -> Self {
        Self { writer, under_way: VecDeque::new(), waiting: Group::default() }
    }

    /// Serves the queue until the store closes.
    pub(super) async fn serve(mut self, mut queue: mpsc::Receiver<Request>) {
        let mut is_open = true;
        loop {
            self.take_in(&mut queue);
            if self.is_worth_sending() {
                self.send(&mut queue).await;
                continue;
            }
            let has_room = is_open && !self.waiting.is_full();
            tokio::select! {
                biased;
                outcome = next_outcome(&mut self.under_way), if !self.under_way.is_empty() => {
                    self.finish(outcome).await;
                }
                request = queue.recv(), if has_room => match request {
                    Some(request) => self.waiting.push(request),
                    None => is_open = false,
                },
                else => return,
            }
        }
    }

    fn is_worth_sending(&self) -> bool {
        match self.under_way.back() {
            _ if self.waiting.is_empty() => false,
            None => true,
            Some((former, _)) => {
                self.under_way.len() < UNDER_WAY_MAX && self.waiting.len() * PART_OF_FORMER >= former.len()
            }
        }
    }

    /// Takes in what is asked for, as much as a group holds.
    fn take_in(&mut self, queue: &mut mpsc::Receiver<Request>) {
        while !self.waiting.is_full()
            && let Ok(request) = queue.try_recv()
        {
            self.waiting.push(request);
        }
    }

    /// Sends what waits behind what is under way, or carries it out by itself where that cannot be.
    async fn send(&mut self, queue: &mut mpsc::Receiver<Request>) {
        if self.writer.is_contended() {
            self.finish_all().await;
            self.wait_for_turn(queue).await;
            self.take_in(queue);
            let group = std::mem::take(&mut self.waiting);
            return self.carry_out(group, Doubt::None).await;
        }
        if self.under_way.is_empty() {
            self.writer.rest().await;
        }
        let group = std::mem::take(&mut self.waiting);
        // What went wrong is met again, and told, when the group is carried out by itself.
        if let Ok(Some(sent)) = self.writer.begin(&group.appends()).await {
            self.under_way.push_back((group, sent));
            return;
        }
        self.finish_all().await;
        self.carry_out(group, Doubt::None).await;
    }

    /// Waits, beside others that write, until nobody else does. What is asked for meanwhile shares the turn: were the group
    /// made up before, it would have only what came first after the turn before.
    async fn wait_for_turn(&mut self, queue: &mut mpsc::Receiver<Request>) {
        let Self { writer, waiting, .. } = self;
        let mut turn = pin!(writer.take_turn());
        loop {
            tokio::select! {
                biased;
                () = &mut turn => return,
                Some(request) = queue.recv(), if !waiting.is_full() => waiting.push(request),
            }
        }
    }

    async fn finish_all(&mut self) {
        while !self.under_way.is_empty() {
            let outcome = next_outcome(&mut self.under_way).await;
            self.finish(outcome).await;
        }
    }

    /// Takes in what came of the first group that is under way.
    async fn finish(&mut self, outcome: Outcome) {
        let Some((group, sent)) = self.under_way.pop_front() else { return };
        match outcome {
            Ok(GroupAnswer { is_written: true, now }) => {
                self.writer.hear_time(now);
                group.answer(self.writer.publish(sent.advanced));
            }
            outcome => self.do_again(group, &outcome).await,
        }
    }

    /// A group that is not written takes those behind it along: each is carried out anew, by itself.
    async fn do_again(&mut self, group: Group, outcome: &Outcome) {
        let mut again = vec![(group, doubt_after(outcome))];
        while let Some((group, sent)) = self.under_way.pop_front() {
            again.push((group, doubt_after(&sent.answer.await)));
        }
        self.writer.take_back(again.iter().flat_map(|(group, _)| group.appends()));
        for (group, doubt) in again {
            self.carry_out(group, doubt).await;
        }
    }

    /// Carries out a group while nothing is under way.
    async fn carry_out(&mut self, group: Group, doubt: Doubt) {
        let verdicts = self.writer.verdicts(&group.appends(), doubt).await;
        group.answer(verdicts);
    }
}

/// What comes of the first group that is under way.
async fn next_outcome(under_way: &mut VecDeque<(Group, Sent)>) -> Outcome {
    match under_way.front_mut() {
        Some((_, sent)) => sent.answer.as_mut().await,
        None => std::future::pending().await,
    }
}

/// Whether a group may be stored that will be carried out again.
fn doubt_after(outcome: &Outcome) -> Doubt {
    match outcome {
        Ok(GroupAnswer { is_written: true, .. }) => Doubt::MayBeStored,
        Err(failure) if failure.kind == FailureKind::Lost => Doubt::MayBeStored,
        Ok(_) | Err(_) => Doubt::None,
    }
}
