//! A log in numbers.

use annals_wire::StatsDocument;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer;
use crate::parameters::{Asked, InLog, zone};
use crate::problem::RequestError;
use crate::state::App;

/// So many values of each kind are listed, when nothing is said.
const TOP_USUAL: usize = 20;

/// So many at the most.
const TOP_MAX: usize = 10_000;

/// How a log is counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatsParameters {
    /// List at most so many types, aggregate types and actors
    #[param(minimum = 0, maximum = 10000, default = 20)]
    top: Option<usize>,
    /// The time zone whose days are meant: an IANA name
    #[param(example = "Europe/Berlin")]
    tz: Option<String>,
}

/// The log in numbers
#[utoipa::path(
    get, path = "/v1/stats", tag = "logs",
    params(StatsParameters),
    responses((status = 200, description = "The numbers", body = ref("Stats")))
)]
pub(crate) async fn stats(
    State(app): State<App>,
    InLog(log): InLog,
    Asked(StatsParameters { top, tz }, ..): Asked<StatsParameters>,
) -> Result<Response, RequestError> {
    let top = top.unwrap_or(TOP_USUAL);
    if top > TOP_MAX {
        return Err(RequestError::parameter("top", format!("is {top}; at most {TOP_MAX} are listed")));
    }
    let zone = zone(tz.as_deref(), &app)?;
    let statistics = log.store().statistics(top).await?;
    answer::document(&StatsDocument::new(statistics, log.history.cache_statistics(), &zone))
}
