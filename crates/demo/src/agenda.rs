use std::collections::BTreeMap;

use crate::acts::Act;
use crate::story_time::StoryTime;

/// What is going to happen, and when.
#[derive(Default)]
pub(crate) struct Agenda {
    /// What is entered first comes first, of several at one time.
    entries: BTreeMap<(StoryTime, u64), Act>,
    entered: u64,
}

impl Agenda {
    pub(crate) fn enter(&mut self, when: StoryTime, act: Act) {
        self.entries.insert((when, self.entered), act);
        self.entered += 1;
    }

    /// When the next act is due.
    pub(crate) fn next_due(&self) -> Option<StoryTime> {
        self.entries.first_key_value().map(|((when, _), _)| *when)
    }

    /// Takes the next act.
    pub(crate) fn take(&mut self) -> Option<(StoryTime, Act)> {
        self.entries.pop_first().map(|((when, _), act)| (when, act))
    }
}
