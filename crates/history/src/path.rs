use std::fmt;

use compact_str::CompactString;

/// The way from a state to a value in it; displayed as an RFC 6901 JSON pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<PathStep>);

/// One step of a way into a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// To the member of this name.
    Member(CompactString),
    /// To the element at this index, from 0.
    Element(usize),
}

impl Path {
    /// The steps, the outermost first; none for the whole state.
    #[must_use]
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    pub(crate) fn push(&mut self, step: PathStep) {
        self.0.push(step);
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }
}

impl FromIterator<PathStep> for Path {
    fn from_iter<T: IntoIterator<Item = PathStep>>(steps: T) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                PathStep::Member(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                PathStep::Element(index) => pointer.push_str(&index.to_string()),
            }
        }
        f.pad(&pointer)
    }
}
