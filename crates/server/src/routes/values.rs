//! What filters can be given.

use annals::write_json_string;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer;
use crate::parameters::{Asked, InLog, PathParameters, limit};
use crate::problem::RequestError;

/// What is to be found.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ValueParameters {
    /// Only those that begin so, whatever the case of ASCII letters
    prefix: String,
    /// At most so many, from 1 to 1,000
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u64>,
}

/// What filters can be given
///
/// The values that occur, the most frequent first: of types, aggregate-types, actors or tags.
#[utoipa::path(
    get, path = "/v1/values/{field}", tag = "events",
    params(("field" = inline(ValueField), Path, description = "Of what"), ValueParameters),
    responses((status = 200, description = "The values", body = ref("ValueList")))
)]
pub(crate) async fn values(
    InLog(log): InLog,
    path: PathParameters,
    Asked(ValueParameters { prefix, limit: asked }, ..): Asked<ValueParameters>,
) -> Result<Response, RequestError> {
    let limit = usize::try_from(limit(asked)?).unwrap_or(usize::MAX);
    let counted = match path.read("field")? {
        ValueField::Types => log.store().statistics(usize::MAX).await?.by_type.top,
        ValueField::AggregateTypes => log.store().statistics(usize::MAX).await?.by_aggregate_type.top,
        ValueField::Actors => log.store().statistics(usize::MAX).await?.by_actor.top,
        ValueField::Tags => log.tags.most_frequent(log.events()).await?,
    };
    let begins = |value: &str| {
        value
            .as_bytes()
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    let mut text = String::from("{\"items\":[");
    for (index, (value, count)) in counted.iter().filter(|(value, _)| begins(value)).take(limit).enumerate() {
        text.push_str(if index == 0 { "{\"value\":" } else { ",{\"value\":" });
        write_json_string(&mut text, value);
        text.push_str(&format!(",\"count\":{count}}}"));
    }
    text.push_str("],\"next\":null}");
    Ok(answer::json(StatusCode::OK, text))
}

/// Of what values are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "kebab-case")]
pub(crate) enum ValueField {
    /// Event types.
    Types,
    /// Aggregate types.
    AggregateTypes,
    /// Actors.
    Actors,
    /// Tags.
    Tags,
}

impl std::str::FromStr for ValueField {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "types" => Self::Types,
            "aggregate-types" => Self::AggregateTypes,
            "actors" => Self::Actors,
            "tags" => Self::Tags,
            other => return Err(format!("{other:?} is none of types, aggregate-types, actors and tags")),
        })
    }
}
