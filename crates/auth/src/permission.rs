use std::fmt;

/// What a caller needs in order to be answered. A role gives some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Ask who one is and which logs there are for one. Every role gives it.
    KnowOneself,
    /// See the events that one did oneself.
    ReadOwn,
    /// See every event, and all that follows from events.
    ReadAll,
    /// Append events that one did oneself.
    AppendOwn,
    /// Append events that somebody else did.
    AppendForOthers,
    /// Settle what the store keeps beside the events: dead letters, snapshots.
    Administer,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 6] = [
        Self::KnowOneself,
        Self::ReadOwn,
        Self::ReadAll,
        Self::AppendOwn,
        Self::AppendForOthers,
        Self::Administer,
    ];
}

impl fmt::Display for Permission {
    /// In words that go on after "may not".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::KnowOneself => "use this store",
            Self::ReadOwn => "read events",
            Self::ReadAll => "read what others did",
            Self::AppendOwn => "append events",
            Self::AppendForOthers => "append events in the name of others",
            Self::Administer => "administer this store",
        })
    }
}
