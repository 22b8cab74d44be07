use annals::{JsonForm, Position};
use serde::Deserialize;
use utoipa::IntoParams;

use super::event_filter::read;
use super::order::Order;
use crate::problem::RequestError;

/// How many items a page has, when nothing is said.
const LIMIT_USUAL: u64 = 50;

/// How many items a page has at the most.
const LIMIT_MAX: u64 = 1_000;

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParameters {
    /// At most so many items, from 1 to 1,000
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u64>,
    /// Where to go on: `next` of the page before
    cursor: Option<String>,
    /// Leave out so many items first; the answer then has `total`. A cursor is faster, and stays right while the log
    /// grows
    offset: Option<u64>,
    /// asc from the oldest to the newest, desc from the newest to the oldest
    #[param(inline)]
    order: Order,
}

/// Whether payload and metadata are strings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct RawParameter {
    /// Payload and metadata as strings with the producer's bytes, payloadText and metadataText
    raw: bool,
}

impl PageParameters {
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(crate) fn limit(&self) -> Result<u64, RequestError> {
        limit(self.limit)
    }

    pub(crate) fn offset(&self) -> Option<u64> {
        self.offset
    }

    pub(crate) fn order(&self) -> Order {
        self.order
    }

    /// The position behind which the page begins.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(crate) fn after(&self) -> Result<Option<Position>, RequestError> {
        self.cursor.as_deref().map(position_of_cursor).transpose()
    }
}

impl RawParameter {
    pub(crate) fn form(&self) -> JsonForm {
        if self.raw { JsonForm::Raw } else { JsonForm::Embedded }
    }
}

/// How many items a page has.
///
/// # Errors
/// [`RequestError::InvalidParameter`] outside 1 to 1,000.
pub(crate) fn limit(asked: Option<u64>) -> Result<u64, RequestError> {
    let limit = asked.unwrap_or(LIMIT_USUAL);
    if (1..=LIMIT_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(RequestError::parameter("limit", format!("is {limit}; a page has from 1 to {LIMIT_MAX} items")))
}

/// Reads a cursor that is a position.
///
/// # Errors
/// [`RequestError::InvalidParameter`].
fn position_of_cursor(cursor: &str) -> Result<Position, RequestError> {
    read("cursor", cursor).map(Position)
}
