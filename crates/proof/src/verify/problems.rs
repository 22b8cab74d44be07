//! What was found, without letting a wholly altered log fill the memory.

use annals_event::Position;
use annals_store::Problem;

/// The first problems, and the number of the others.
#[derive(Debug)]
pub(super) struct Problems {
    named: Vec<Problem>,
    named_max: usize,
    omitted: u64,
}

impl Problems {
    pub(super) fn new(named_max: usize) -> Self {
        Self { named: Vec::new(), named_max, omitted: 0 }
    }

    /// A problem that concerns one event. The detail is only made when it is named.
    pub(super) fn at(&mut self, code: &'static str, position: u64, detail: impl FnOnce() -> String) {
        self.add(code, Some(Position(position)), detail);
    }

    /// A problem that concerns no single event.
    pub(super) fn of_log(&mut self, code: &'static str, detail: impl FnOnce() -> String) {
        self.add(code, None, detail);
    }

    fn add(&mut self, code: &'static str, position: Option<Position>, detail: impl FnOnce() -> String) {
        if self.named.len() < self.named_max {
            self.named.push(Problem { code, position, detail: detail() });
        } else {
            self.omitted += 1;
        }
    }

    /// Counts problems that are named nowhere.
    pub(super) fn omit(&mut self, count: u64) {
        self.omitted += count;
    }

    /// Adds what the store found itself, except what is named already under the same code and position.
    pub(super) fn extend(&mut self, found: Vec<Problem>) {
        for problem in found {
            let is_known = |known: &Problem| known.code == problem.code && known.position == problem.position;
            if !self.named.iter().any(is_known) {
                self.add(problem.code, problem.position, || problem.detail);
            }
        }
    }

    /// How many are still to be named.
    pub(super) fn room(&self) -> usize {
        self.named_max - self.named.len()
    }

    pub(super) fn into_parts(self) -> (Vec<Problem>, u64) {
        (self.named, self.omitted)
    }
}
