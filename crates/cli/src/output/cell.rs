use annals_wire::Member;

/// To which side a column's cells go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// To the left, as words.
    Left,
    /// To the right, as numbers.
    Right,
}

/// The head of a table's column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heading {
    /// What stands above the column.
    pub(crate) name: &'static str,
    /// To which side its cells go.
    pub(crate) align: Align,
}

/// What stands in a table's cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text, shown whole.
    Text(String),
    /// Members of a payload, of which as many are shown as fit, each whole.
    Members(Vec<Member>),
}

impl Heading {
    /// A column of words.
    pub(crate) const fn left(name: &'static str) -> Self {
        Self { name, align: Align::Left }
    }

    /// A column of numbers.
    pub(crate) const fn right(name: &'static str) -> Self {
        Self { name, align: Align::Right }
    }
}

impl<T: ToString> From<T> for Cell {
    fn from(value: T) -> Self {
        Self::Text(value.to_string())
    }
}
