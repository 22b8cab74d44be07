//! What filters can be given.

use annals::write_json_string;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer;
use crate::parameters::{Asked, InLog, limit, path_parameter};
use crate::problem::RequestError;
use crate::state::App;

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
    State(app): State<App>,
    InLog(log): InLog,
    request: Request,
) -> Result<Response, RequestError> {
    let (mut parts, _) = request.into_parts();
    let field = path_parameter(&mut parts, "field").await?.unwrap_or_default();
    let Asked(ValueParameters { prefix, limit: asked }, ..) =
        Asked::<ValueParameters>::from_request_parts(&mut parts, &app).await?;
    let limit = usize::try_from(limit(asked)?).unwrap_or(usize::MAX);
    let counted = match field.as_str() {
        "types" => log.store().statistics(usize::MAX).await?.by_type.top,
        "aggregate-types" => log.store().statistics(usize::MAX).await?.by_aggregate_type.top,
        "actors" => log.store().statistics(usize::MAX).await?.by_actor.top,
        "tags" => log.tags.most_frequent(log.events()).await?,
        other => {
            let what = format!("is {other:?}; it can be types, aggregate-types, actors or tags");
            return Err(RequestError::parameter("field", what));
        }
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
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it only documents what the path may hold")]
pub(crate) enum ValueField {
    Types,
    AggregateTypes,
    Actors,
    Tags,
}
