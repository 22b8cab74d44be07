use std::collections::BTreeMap;
use std::fmt;

/// A field that the Merkle log holds only as a commitment, so that it can be erased later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommittedField {
    /// Who did it.
    ActorId,
    /// Which aggregate.
    AggregateId,
    /// What Annals noted.
    Context,
    /// The producer's metadata.
    Metadata,
    /// The producer's payload.
    Payload,
    /// The further entities.
    Tags,
}

impl CommittedField {
    /// Every committed field, in the order of their names.
    pub const ALL: [Self; 6] =
        [Self::ActorId, Self::AggregateId, Self::Context, Self::Metadata, Self::Payload, Self::Tags];

    /// The field's name in JSON and in the derivation of its salt.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ActorId => "actorId",
            Self::AggregateId => "aggregateId",
            Self::Context => "context",
            Self::Metadata => "metadata",
            Self::Payload => "payload",
            Self::Tags => "tags",
        }
    }

    /// The field with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

macro_rules! secret_bytes {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Debug for $name {
            /// Never shows the bytes: whoever has them can guess what was erased.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secret_bytes! {
    /// The random bytes of one event from which the salts of all its fields follow.
    Secret;
    /// The salt of one field: whoever has it can check that field and guess none of the others.
    Salt;
}

/// SHA-256 over a field's salt and bytes; shown in lowercase hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment(pub [u8; 32]);

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The value of a committed field, or what is left of it after erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed<T> {
    /// The value.
    Value(T),
    /// The value is gone; its commitment keeps every proof valid.
    Erased(Commitment),
}

impl<T> Committed<T> {
    /// The value, unless it was erased.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Erased(_) => None,
        }
    }

    /// The commitment that is left, if the value was erased.
    pub fn erased(&self) -> Option<Commitment> {
        match self {
            Self::Value(_) => None,
            Self::Erased(commitment) => Some(*commitment),
        }
    }

    /// The value when there is one, in a new shape.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Committed<U> {
        match self {
            Self::Value(value) => Committed::Value(make(value)),
            Self::Erased(commitment) => Committed::Erased(commitment),
        }
    }
}

/// What opens an event's commitments: its secret, or, once a field was erased, the salts of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Nothing was erased.
    Secret(Secret),
    /// A field was erased, and the secret with it.
    Salts(BTreeMap<CommittedField, Salt>),
}
