//! How many events match.

use std::collections::BTreeMap;

use annals::{EventReader, ReadOptions, RecordedEvent, write_json_string};
use annals_auth::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::scan::count;
use crate::answer;
use crate::guard::read_scope;
use crate::parameters::{Asked, EventFilter, InLog};
use crate::problem::RequestError;
use crate::state::App;

/// By what events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub(crate) enum GroupBy {
    /// By event type.
    Type,
    /// By aggregate type.
    AggregateType,
    /// By actor.
    Actor,
}

/// How events are counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct CountParameters {
    /// Also count those of each type, aggregateType or actor
    #[param(inline)]
    by: Option<GroupBy>,
}

impl GroupBy {
    /// What an event counts for; nothing where it was erased.
    pub(super) fn value_of(self, event: &RecordedEvent) -> &str {
        match self {
            Self::Type => event.event_type.as_str(),
            Self::AggregateType => event.aggregate_type.as_str(),
            Self::Actor => event.actor_id.value().map_or("", |actor| actor.as_str()),
        }
    }
}

/// How many events match
///
/// In the log as it is now. `groups`, the most frequent first, only with `by`.
#[utoipa::path(
    get, path = "/v1/counts", tag = "events",
    params(EventFilter, CountParameters),
    responses((status = 200, description = "The numbers", body = ref("Counts")))
)]
pub(crate) async fn counts(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(filter, CountParameters { by }, _): Asked<EventFilter, CountParameters>,
) -> Result<Response, RequestError> {
    let query = filter.query(&app.reference(), &read_scope(&caller)?)?;
    let Some(by) = by else {
        let count = count(log.events(), &query).await?;
        return Ok(answer::json(StatusCode::OK, format!("{{\"count\":{count}}}")));
    };
    let groups: Vec<(String, u64)> = if query.items.is_empty() {
        // Nothing needs to be read where the log keeps the numbers itself.
        let statistics = log.store().statistics(usize::MAX).await?;
        match by {
            GroupBy::Type => statistics.by_type.top,
            GroupBy::AggregateType => statistics.by_aggregate_type.top,
            GroupBy::Actor => statistics.by_actor.top,
        }
    } else {
        let mut groups: BTreeMap<String, u64> = BTreeMap::new();
        let mut reader = EventReader::new(log.events(), query, ReadOptions::default());
        while let Some(events) = reader.next_page().await? {
            for event in &events {
                let value = by.value_of(event);
                match groups.get_mut(value) {
                    Some(count) => *count += 1,
                    None => drop(groups.insert(value.to_owned(), 1)),
                }
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        groups
    };
    let count: u64 = groups.iter().map(|(_, count)| count).sum();
    let mut text = format!("{{\"count\":{count},\"groups\":[");
    for (index, (value, count)) in groups.iter().enumerate() {
        text.push_str(if index == 0 { "{\"value\":" } else { ",{\"value\":" });
        write_json_string(&mut text, value);
        text.push_str(&format!(",\"count\":{count}}}"));
    }
    text.push_str("]}");
    Ok(answer::json(StatusCode::OK, text))
}
