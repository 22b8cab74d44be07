use annals::{
    Comparison, Direction, EventType, PayloadPredicate, Query, QueryItem, ReadOptions, StreamName, TimeRange,
    Timestamp,
};

use crate::error::{BenchError, Result};

/// The indexed payload path of those works that ask for one.
pub(crate) const INVOICE_PATH: &str = "/invoice";

/// What is asked of all contenders alike.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// Every event, in order.
    All,
    /// Every event of an aggregate, in order.
    Aggregate(Aggregate),
    /// The newest events of an aggregate.
    Latest(Aggregate, u64),
    /// The events of a type that happened in a range of time, both ends included.
    TypeBetween { event_type: &'static str, from_micros: i64, to_micros: i64 },
    /// The events with this value at [`INVOICE_PATH`].
    Invoice(String),
}

/// The name of an aggregate.
#[derive(Debug, Clone)]
pub(crate) struct Aggregate {
    pub(crate) aggregate_type: &'static str,
    pub(crate) aggregate_id: String,
}

impl Question {
    /// The same question to the store.
    pub(crate) fn to_query(&self) -> Result<(Query, ReadOptions)> {
        let everything = ReadOptions::default();
        Ok(match self {
            Self::All => (Query::all(), everything),
            Self::Aggregate(aggregate) => (Query::stream(aggregate.stream()?), everything),
            Self::Latest(aggregate, limit) => {
                let direction = Direction::Backwards;
                (
                    Query::stream(aggregate.stream()?),
                    ReadOptions { direction, limit: Some(*limit), ..everything },
                )
            }
            Self::TypeBetween { event_type, from_micros, to_micros } => {
                let moment = |micros| Timestamp::from_micros(micros).map(Some);
                let timestamp = TimeRange { from: moment(*from_micros)?, to: moment(*to_micros)? };
                let event_types = vec![EventType::new(event_type)?];
                (Query::from(QueryItem { event_types, timestamp, ..QueryItem::default() }), everything)
            }
            Self::Invoice(invoice) => {
                let pointer = INVOICE_PATH
                    .parse()
                    .map_err(|_| BenchError::Unlike { what: format!("{INVOICE_PATH} is no payload path") })?;
                let value = invoice.as_str().into();
                let payload = vec![PayloadPredicate { pointer, comparison: Comparison::Equal, value }];
                (Query::from(QueryItem { payload, ..QueryItem::default() }), everything)
            }
        })
    }
}

impl Aggregate {
    fn stream(&self) -> Result<StreamName> {
        Ok(StreamName::new(self.aggregate_type, &self.aggregate_id)?)
    }
}
