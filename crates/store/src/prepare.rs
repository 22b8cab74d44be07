use std::sync::{Arc, Mutex, PoisonError};

use annals_event::{
    ActorId, Committed, EventId, Limits, NewEvent, Position, RecordedEvent, SchemaVersion, Secret,
    StreamName, StreamVersion, Timestamp,
};
use annals_tlog::{Commitments, CommittedTexts, EntryDraft, EntryFields, Hash, Origin, RecordedAtText};

use crate::append::{Append, AppendCondition, Authority, ExpectedVersion};
use crate::clock::{Clock, Randomness};
use crate::cursor::CursorAdvance;
use crate::error::{IdConflict, StoreError};
use crate::log_stream::log_stream;

/// Random bytes per event: its secret, and the random part of an id.
const RANDOM_BYTES: usize = 24;

/// Does everything about an append that does not depend on the order of the log, before the writer's turn:
/// checks, ids, times, secrets, commitments.
pub struct Preparer {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    limits: Limits,
    /// The log's own stream; `None` where its origin cannot be an aggregate's id, so that no event can name it.
    own_stream: Option<StreamName>,
    /// The last id that was made, so that ids of one process always grow.
    last_id: Mutex<Option<EventId>>,
}

/// An append of which only places and the time of recording are open.
#[derive(Debug, Clone)]
pub struct PreparedAppend {
    /// The events in order.
    pub events: Vec<PreparedEvent>,
    /// What must be true of streams beforehand.
    pub expected: Vec<(StreamName, ExpectedVersion)>,
    /// What must be true of the whole log beforehand.
    pub condition: Option<AppendCondition>,
    /// Cursors that move together with the events.
    pub cursors: Vec<CursorAdvance>,
    /// Where the events stand already, if they are carried over from another store of the same log.
    pub carried: Option<CarriedPlace>,
}

/// Where events stand in the store from which they are carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarriedPlace {
    /// The position of the first one.
    pub position: Position,
    /// When all of them were recorded.
    pub recorded_at: Timestamp,
}

/// What an event gets that its producer did not say.
pub(crate) struct Given {
    pub(crate) event_id: EventId,
    /// Whether the preparer made the id.
    pub(crate) id_is_made: bool,
    /// The moment of the append.
    pub(crate) now: Timestamp,
    pub(crate) secret: Secret,
}

/// An event of which only place and time of recording are open.
#[derive(Debug, Clone)]
pub struct PreparedEvent {
    /// What the producer sent.
    pub sent: NewEvent,
    /// Its identity, sent or made.
    pub event_id: EventId,
    /// Whether the preparer made the id: no other event of the same preparer has it.
    pub id_is_made: bool,
    /// When it happened, sent or the moment of the append.
    pub timestamp: Timestamp,
    /// Who did it, sent or `anonymous`.
    pub actor_id: ActorId,
    /// The version of its shape, sent or 1.
    pub schema_version: SchemaVersion,
    /// What opens its commitments.
    pub secret: Secret,
    /// The tags' text as it is stored and committed to.
    pub tags_text: String,
    draft: EntryDraft,
}

impl Preparer {
    /// A preparer for the log of this origin, with its sources of time and chance and its limits.
    #[must_use]
    pub fn new(
        origin: &Origin,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        limits: Limits,
    ) -> Self {
        Self { clock, randomness, limits, own_stream: log_stream(origin).ok(), last_id: Mutex::new(None) }
    }

    /// The moment that it is now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Checks an append and fills in what the producer left open.
    ///
    /// # Errors
    /// [`StoreError::InvalidAppend`], [`StoreError::InvalidEvent`], [`StoreError::ReservedStream`], or
    /// [`StoreError::EventIdConflict`] for an id that stands twice in the append.
    pub fn prepare(&self, append: Append) -> Result<PreparedAppend, StoreError> {
        check_shape(&append)?;
        self.check_authority(&append)?;
        let mut random = vec![0; append.events.len() * RANDOM_BYTES];
        self.randomness.fill(&mut random)?;
        let now = self.clock.now();
        let mut events = Vec::with_capacity(append.events.len());
        for ((index, event), random) in append.events.into_iter().enumerate().zip(random.as_chunks().0) {
            event.check(&self.limits).map_err(|source| StoreError::InvalidEvent { index, source })?;
            events.push(self.prepare_event(event, now, random));
        }
        refuse_twin_ids(&events)?;
        let Append { expected, condition, cursors, .. } = append;
        Ok(PreparedAppend { events, expected, condition, cursors, carried: None })
    }

    /// Here, where every append of every store passes, and before the log is asked.
    fn check_authority(&self, append: &Append) -> Result<(), StoreError> {
        let Some(own) = self.own_stream.as_ref().filter(|_| append.authority == Authority::Producer) else {
            return Ok(());
        };
        match append.events.iter().position(|event| event.stream == *own) {
            Some(index) => Err(StoreError::ReservedStream { index, stream: own.clone() }),
            None => Ok(()),
        }
    }

    fn prepare_event(&self, sent: NewEvent, now: Timestamp, random: &[u8; RANDOM_BYTES]) -> PreparedEvent {
        let (secret, id_part) = split_random(random);
        let id_is_made = sent.event_id.is_none();
        let event_id = sent.event_id.unwrap_or_else(|| self.next_id(now, id_part));
        PreparedEvent::new(sent, Given { event_id, id_is_made, now, secret })
    }

    /// A new id, greater than every one made before, so that a store need not look for it.
    fn next_id(&self, now: Timestamp, random: [u8; 8]) -> EventId {
        let mut last = self.last_id.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = EventId::v7(now, random);
        let id = match *last {
            Some(last) if fresh <= last => last.successor().unwrap_or(fresh),
            _ => fresh,
        };
        *last = Some(id);
        id
    }
}

impl PreparedEvent {
    /// The event as it is going to be recorded.
    pub(crate) fn new(sent: NewEvent, given: Given) -> Self {
        let Given { event_id, id_is_made, now, secret } = given;
        let timestamp = sent.timestamp.unwrap_or(now);
        let actor_id = sent.actor_id.clone().unwrap_or_else(ActorId::anonymous);
        let schema_version = sent.schema_version.unwrap_or(SchemaVersion::FIRST);
        let tags_text = sent.tags.to_string();
        let commitments = Commitments::from_secret(
            &secret,
            &CommittedTexts {
                actor_id: actor_id.as_str(),
                aggregate_id: sent.stream.aggregate_id.as_str(),
                context: sent.context.as_str(),
                metadata: sent.metadata.as_str(),
                payload: sent.payload.as_str(),
                tags: &tags_text,
            },
        );
        let fields = EntryFields {
            event_id,
            event_type: &sent.event_type,
            aggregate_type: &sent.stream.aggregate_type,
            schema_version,
            timestamp,
        };
        let draft = EntryDraft::new(&fields, &commitments);
        PreparedEvent {
            sent,
            event_id,
            id_is_made,
            timestamp,
            actor_id,
            schema_version,
            secret,
            tags_text,
            draft,
        }
    }

    /// The hash of the leaf that the event becomes with its place and time.
    #[must_use]
    pub fn leaf_hash(&self, recorded_at: &RecordedAtText, version: StreamVersion) -> Hash {
        self.draft.leaf_hash(recorded_at, version)
    }

    /// The event at its place.
    #[must_use]
    pub fn into_recorded(
        self,
        position: Position,
        version: StreamVersion,
        recorded_at: Timestamp,
    ) -> RecordedEvent {
        RecordedEvent {
            position,
            event_id: self.event_id,
            event_type: self.sent.event_type,
            aggregate_type: self.sent.stream.aggregate_type,
            aggregate_id: Committed::Value(self.sent.stream.aggregate_id),
            version,
            schema_version: self.schema_version,
            timestamp: self.timestamp,
            recorded_at,
            actor_id: Committed::Value(self.actor_id),
            tags: Committed::Value(self.sent.tags),
            payload: Committed::Value(self.sent.payload),
            metadata: Committed::Value(self.sent.metadata),
            context: Committed::Value(self.sent.context),
        }
    }

    /// Whether `recorded` is this event, recorded before. What the producer sent is compared, never what was
    /// filled in by default, the context or the time of recording; what was erased counts as the same.
    #[must_use]
    pub fn is_repeat_of(&self, recorded: &RecordedEvent) -> bool {
        let sent = &self.sent;
        self.event_id == recorded.event_id
            && sent.event_type == recorded.event_type
            && sent.stream.aggregate_type == recorded.aggregate_type
            && same(&recorded.aggregate_id, &sent.stream.aggregate_id)
            && same(&recorded.payload, &sent.payload)
            && same(&recorded.metadata, &sent.metadata)
            && same(&recorded.tags, &sent.tags)
            && sent.schema_version.is_none_or(|version| version == recorded.schema_version)
            && sent.timestamp.is_none_or(|timestamp| timestamp == recorded.timestamp)
            && sent.actor_id.as_ref().is_none_or(|actor| same(&recorded.actor_id, actor))
    }
}

fn same<T: PartialEq>(recorded: &Committed<T>, sent: &T) -> bool {
    recorded.value().is_none_or(|value| value == sent)
}

fn split_random(random: &[u8; RANDOM_BYTES]) -> (Secret, [u8; 8]) {
    let (secret, id_part) = random.split_at(16);
    let (mut secret_bytes, mut id_bytes) = ([0; 16], [0; 8]);
    secret_bytes.copy_from_slice(secret);
    id_bytes.copy_from_slice(id_part);
    (Secret(secret_bytes), id_bytes)
}

fn check_shape(append: &Append) -> Result<(), StoreError> {
    let invalid = |reason: String| Err(StoreError::InvalidAppend { reason });
    if append.events.is_empty() && append.cursors.is_empty() {
        return invalid("it has neither events nor cursors".into());
    }
    for (index, (stream, _)) in append.expected.iter().enumerate() {
        if append.expected.iter().take(index).any(|(earlier, _)| earlier == stream) {
            return invalid(format!("it has two expected versions for stream {stream}"));
        }
    }
    for (index, cursor) in append.cursors.iter().enumerate() {
        if append.cursors.iter().take(index).any(|earlier| earlier.name == cursor.name) {
            return invalid(format!("it moves cursor {} twice", cursor.name));
        }
    }
    Ok(())
}

fn refuse_twin_ids(events: &[PreparedEvent]) -> Result<(), StoreError> {
    let mut ids: Vec<EventId> = events.iter().map(|event| event.event_id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first()) {
        Some(&event_id) => Err(StoreError::EventIdConflict { event_id, reason: IdConflict::TwiceInAppend }),
        None => Ok(()),
    }
}
