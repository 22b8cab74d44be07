use std::fmt;

use crate::{AggregateId, AggregateType, InvalidEvent};

/// The name of a stream, the ordered events of one aggregate; shown as `Order/order_456`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName {
    /// The kind of aggregate.
    pub aggregate_type: AggregateType,
    /// Which one of that kind.
    pub aggregate_id: AggregateId,
}

impl StreamName {
    /// Checks both parts and makes them a stream's name.
    ///
    /// # Errors
    /// [`InvalidEvent`] when a part is not a valid name.
    ///
    /// ```
    /// let stream = annals_event::StreamName::new("Order", "order_456")?;
    /// assert_eq!(stream.to_string(), "Order/order_456");
    /// assert_eq!("Order/order_456".parse::<annals_event::StreamName>()?, stream);
    /// # Ok::<(), annals_event::InvalidEvent>(())
    /// ```
    pub fn new(aggregate_type: impl AsRef<str>, aggregate_id: impl AsRef<str>) -> Result<Self, InvalidEvent> {
        Ok(Self {
            aggregate_type: AggregateType::new(aggregate_type)?,
            aggregate_id: AggregateId::new(aggregate_id)?,
        })
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.aggregate_type, self.aggregate_id)
    }
}

impl std::str::FromStr for StreamName {
    type Err = InvalidEvent;

    /// Splits `TYPE/ID` at the first slash.
    fn from_str(value: &str) -> Result<Self, InvalidEvent> {
        let (aggregate_type, aggregate_id) =
            value.split_once('/').ok_or_else(|| InvalidEvent::NoStreamName(value.to_owned()))?;
        Self::new(aggregate_type, aggregate_id)
    }
}
