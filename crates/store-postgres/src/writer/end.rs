use annals_event::{EventId, Timestamp};
use annals_store::{Head, PreparedEvent};
use annals_tlog::Frontier;
use tokio_postgres::Row;

use crate::errors::{Result, corrupt};
use crate::uuid::Uuid;

/// What the log is after the last commit that this process knows of, or after what is to be committed.
#[derive(Clone)]
pub(crate) struct LogEnd {
    /// How many commits made it so.
    pub(crate) revision: i64,
    pub(crate) frontier: Frontier,
    pub(crate) recorded_at: Option<Timestamp>,
    /// No recorded event has a greater id: greater ones need no look-up. Nothing is known when there is none.
    pub(crate) greatest_id: Option<EventId>,
}

/// The head's row, with the database's time.
pub(crate) struct HeadRow {
    pub(crate) revision: i64,
    pub(crate) frontier: Frontier,
    pub(crate) recorded_at: Option<Timestamp>,
    pub(crate) now: Timestamp,
    pub(crate) greatest_id: Option<EventId>,
    /// Events below this position have look-ups.
    pub(crate) sealed: u64,
}

impl HeadRow {
    /// Reads a row of `head.sql`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let unreadable = |error: tokio_postgres::Error| corrupt(format!("the head: {error}"));
        let size: i64 = row.try_get(1).map_err(unreadable)?;
        let frontier = Frontier::from_bytes(row.try_get(3).map_err(unreadable)?)
            .map_err(|error| corrupt(format!("the head: {error}")))?;
        if u64::try_from(size).ok() != Some(frontier.size()) {
            return Err(corrupt(format!(
                "the head says {size} events, its tree has {} leaves",
                frontier.size()
            )));
        }
        let moment = |micros: i64| {
            Timestamp::from_micros(micros).map_err(|error| corrupt(format!("the head's time: {error}")))
        };
        let recorded_at: Option<i64> = row.try_get(2).map_err(unreadable)?;
        Ok(Self {
            revision: row.try_get(0).map_err(unreadable)?,
            frontier,
            recorded_at: recorded_at.map(moment).transpose()?,
            now: moment(row.try_get(4).map_err(unreadable)?)?,
            greatest_id: row.try_get::<_, Option<Uuid>>(5).map_err(unreadable)?.map(|id| id.0),
            sealed: row.try_get::<_, i64>(6).map_err(unreadable)?.cast_unsigned(),
        })
    }

    /// What everybody may know of it.
    pub(crate) fn head(&self) -> Head {
        Head { size: self.frontier.size(), root: self.frontier.root(), recorded_at: self.recorded_at }
    }
}

impl LogEnd {
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(super) fn head(&self) -> Head {
        Head { size: self.size(), root: self.frontier.root(), recorded_at: self.recorded_at }
    }

    /// Whether nobody can have recorded the event's id before: it was made for this append out of random bits and
    /// has been told to nobody, or is greater than all.
    pub(super) fn has_new_id(&self, event: &PreparedEvent) -> bool {
        event.id_is_made
            || self.greatest_id.is_some_and(|greatest| event.event_id > greatest)
            || self.size() == 0
    }

    pub(super) fn note_id(&mut self, id: EventId) {
        // Where nothing is known, one id says nothing of the others.
        if self.greatest_id.is_some() || self.size() == 0 {
            self.greatest_id = self.greatest_id.max(Some(id));
        }
    }
}
