use crate::story_time::Span;

/// What the story leaves to chance. The same seed always decides alike, on every machine: only whole numbers are drawn.
pub(crate) struct Chance(fastrand::Rng);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Whether something happens that happens so often in a hundred times.
    pub(crate) fn happens(&mut self, percent: u32) -> bool {
        self.0.u32(..100) < percent
    }

    /// A number between two, both included.
    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.u64(least..=most.max(least))
    }

    /// A span between two, to the millisecond.
    pub(crate) fn span(&mut self, least: Span, most: Span) -> Span {
        Span::milliseconds(self.between(least.as_milliseconds(), most.as_milliseconds()))
    }

    /// One of several; `None` of none.
    pub(crate) fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        self.0.choice(of)
    }

    pub(crate) fn shuffle<T>(&mut self, of: &mut [T]) {
        self.0.shuffle(of);
    }
}
