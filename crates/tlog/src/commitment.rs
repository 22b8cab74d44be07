//! Commitments: how a leaf entry vouches for a field without showing it.

use annals_event::{Commitment, Committed, CommittedField, Opening, RecordedEvent, Salt, Secret};

use crate::Error;
use crate::hash::UNPROVEN;
use crate::sha256::sha256;

/// The salt of one field: the first 16 bytes of SHA-256(secret ‖ name of the field).
#[must_use]
pub fn derive_salt(secret: &Secret, field: CommittedField) -> Salt {
    if UNPROVEN {
        return Salt([0; 16]);
    }
    let digest = sha256(&secret.0, field.name().as_bytes());
    let mut salt = [0; 16];
    salt.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    Salt(salt)
}

/// The commitment to a field's bytes: SHA-256(salt ‖ bytes).
///
/// The bytes are the UTF-8 string for `actorId` and `aggregateId`, the JCS array of the sorted
/// tags for `tags`, and the verbatim JSON for `payload`, `metadata` and `context`.
#[must_use]
pub fn commit(salt: &Salt, bytes: &[u8]) -> Commitment {
    if UNPROVEN {
        return Commitment([0; 32]);
    }
    Commitment(sha256(&salt.0, bytes))
}

/// The texts of the six committed fields, exactly as they are committed to.
#[derive(Clone, Copy, Debug)]
pub struct CommittedTexts<'a> {
    /// Who did it.
    pub actor_id: &'a str,
    /// Which aggregate.
    pub aggregate_id: &'a str,
    /// What Annals noted; `{}` where there is nothing.
    pub context: &'a str,
    /// The producer's metadata, verbatim; `{}` where there is none.
    pub metadata: &'a str,
    /// The producer's payload, verbatim.
    pub payload: &'a str,
    /// The sorted tags as a JCS array, as [`Tags`](annals_event::Tags) displays them.
    pub tags: &'a str,
}

/// The six commitments of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitments {
    /// To who did it.
    pub actor_id: Commitment,
    /// To which aggregate.
    pub aggregate_id: Commitment,
    /// To what Annals noted.
    pub context: Commitment,
    /// To the producer's metadata.
    pub metadata: Commitment,
    /// To the producer's payload.
    pub payload: Commitment,
    /// To the further entities.
    pub tags: Commitment,
}

impl Commitments {
    /// Commits to all six fields under one secret.
    #[must_use]
    pub fn from_secret(secret: &Secret, texts: &CommittedTexts<'_>) -> Self {
        let of = |field, text: &str| commit(&derive_salt(secret, field), text.as_bytes());
        Self {
            actor_id: of(CommittedField::ActorId, texts.actor_id),
            aggregate_id: of(CommittedField::AggregateId, texts.aggregate_id),
            context: of(CommittedField::Context, texts.context),
            metadata: of(CommittedField::Metadata, texts.metadata),
            payload: of(CommittedField::Payload, texts.payload),
            tags: of(CommittedField::Tags, texts.tags),
        }
    }

    /// Recomputes the commitments of a recorded event: fields that are there are committed to
    /// again, and of fields that were erased the kept commitment is taken.
    ///
    /// # Errors
    /// [`Error::MissingSalt`] if the opening does not open a field that is there.
    pub fn recompute(event: &RecordedEvent, opening: &Opening) -> Result<Self, Error> {
        let tags = match &event.tags {
            Committed::Value(tags) => Committed::Value(tags.to_json()),
            Committed::Erased(commitment) => Committed::Erased(*commitment),
        };
        let of = |field, text: Committed<&str>| recompute_field(field, text, opening);
        Ok(Self {
            actor_id: of(CommittedField::ActorId, text(&event.actor_id, |id| id.as_str()))?,
            aggregate_id: of(CommittedField::AggregateId, text(&event.aggregate_id, |id| id.as_str()))?,
            context: of(CommittedField::Context, text(&event.context, |json| json.as_str()))?,
            metadata: of(CommittedField::Metadata, text(&event.metadata, |json| json.as_str()))?,
            payload: of(CommittedField::Payload, text(&event.payload, |json| json.as_str()))?,
            tags: of(CommittedField::Tags, text(&tags, String::as_str))?,
        })
    }
}

/// Borrows a field's text.
fn text<T>(field: &Committed<T>, as_str: impl FnOnce(&T) -> &str) -> Committed<&str> {
    match field {
        Committed::Value(value) => Committed::Value(as_str(value)),
        Committed::Erased(commitment) => Committed::Erased(*commitment),
    }
}

fn recompute_field(
    field: CommittedField,
    text: Committed<&str>,
    opening: &Opening,
) -> Result<Commitment, Error> {
    let text = match text {
        Committed::Value(text) => text,
        Committed::Erased(commitment) => return Ok(commitment),
    };
    let salt = match opening {
        Opening::Secret(secret) => derive_salt(secret, field),
        Opening::Salts(salts) => *salts.get(&field).ok_or(Error::MissingSalt { field })?,
    };
    Ok(commit(&salt, text.as_bytes()))
}
