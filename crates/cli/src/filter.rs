use annals::{
    ActorId, AggregateId, AggregateType, EventType, PayloadPredicate, Query, QueryItem, StreamName, Tag,
    TimeRange, Timestamp,
};
use annals_wire::{End, Reference};
use clap::Args;

use crate::failure::Failure;

/// Which events are meant: those that fulfil everything that is given.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Of this aggregate; given several times, of any of them
    #[arg(long, value_name = "TYPE/ID")]
    pub(crate) aggregate: Vec<StreamName>,
    /// Of aggregates of this type
    #[arg(long, value_name = "TYPE")]
    pub(crate) aggregate_type: Option<AggregateType>,
    /// Of aggregates with this id, whatever their type
    #[arg(long, value_name = "ID")]
    pub(crate) aggregate_id: Option<AggregateId>,
    /// Of this event type; given several times, of any of them
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) event_type: Vec<EventType>,
    /// Done by this actor
    #[arg(long, value_name = "ID")]
    pub(crate) actor: Option<ActorId>,
    /// With this tag; given several times, with all of them
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<Tag>,
    /// With this correlation id in their metadata
    #[arg(long, value_name = "ID")]
    pub(crate) correlation: Option<String>,
    /// That happened at this time or later: RFC 3339, a date (its first moment in --tz), or an age (24h, 7d)
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// That happened at this time or earlier: RFC 3339, a date (its last moment in --tz), or an age
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// That were recorded at this time or later
    #[arg(long, value_name = "TIME")]
    pub(crate) recorded_from: Option<String>,
    /// That were recorded at this time or earlier
    #[arg(long, value_name = "TIME")]
    pub(crate) recorded_to: Option<String>,
    /// Whose payload fulfils this, as in '/total > 100' or '/customer = Ann'; the operators are = != < <= > >=
    /// exists contains; VALUE is JSON (a string of digits needs quotes: '/zip = "01067"'), and what is not JSON
    /// is a string; given several times, all of them
    #[arg(long = "where", value_name = "POINTER OP VALUE")]
    pub(crate) payload: Vec<PayloadPredicate>,
}

impl Filters {
    /// The query that the filters make.
    ///
    /// # Errors
    /// [`Failure::Usage`] for a time that cannot be read.
    pub(crate) fn query(&self, reference: &Reference) -> Result<Query, Failure> {
        let item = QueryItem {
            event_types: self.event_type.clone(),
            streams: self.aggregate.clone(),
            aggregate_type: self.aggregate_type.clone(),
            aggregate_id: self.aggregate_id.clone(),
            tags: self.tag.clone(),
            actor_id: self.actor.clone(),
            correlation_id: self.correlation.clone(),
            timestamp: TimeRange {
                from: moment("--from", self.from.as_deref(), End::First, reference)?,
                to: moment("--to", self.to.as_deref(), End::Last, reference)?,
            },
            recorded_at: TimeRange {
                from: moment("--recorded-from", self.recorded_from.as_deref(), End::First, reference)?,
                to: moment("--recorded-to", self.recorded_to.as_deref(), End::Last, reference)?,
            },
            payload: self.payload.clone(),
        };
        // A query without items is answered without looking at any field.
        Ok(if item == QueryItem::default() { Query::all() } else { Query::from(item) })
    }
}

fn moment(
    flag: &str,
    text: Option<&str>,
    end: End,
    reference: &Reference,
) -> Result<Option<Timestamp>, Failure> {
    let read = |text| {
        reference
            .moment(text, end)
            .map_err(|what| Failure::usage(format!("{flag}: {what}"), "ranges of time include both ends"))
    };
    text.map(read).transpose()
}
