//! How many events happened when.

mod interval;

use std::collections::BTreeMap;

use annals::{EventReader, Query, ReadOptions, StoreError, Timestamp, write_json_string};
use annals_auth::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::counts::GroupBy;
use crate::answer;
use crate::guard::read_scope;
use crate::logs::OpenLog;
use crate::parameters::{Asked, EventFilter, InLog, zone};
use crate::problem::RequestError;
use crate::state::App;

pub(crate) use interval::Interval;

/// How time is divided.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct BucketParameters {
    /// minute, hour, day, week or month; the longest of which there are not too many, when it is not given
    #[param(inline)]
    interval: Option<Interval>,
    /// Also count those of each type, aggregateType or actor
    #[param(inline)]
    by: Option<GroupBy>,
    /// The time zone whose days, weeks and months are meant: an IANA name
    #[param(example = "Europe/Berlin")]
    tz: Option<String>,
}

/// Events by the time at which they happened, and by what they are.
type Buckets = BTreeMap<Timestamp, BTreeMap<String, u64>>;

/// How many events happened when
///
/// By `timestamp`; only buckets that hold events, from the first to the last. `by` has the numbers of each value.
#[utoipa::path(
    get, path = "/v1/buckets", tag = "events",
    params(EventFilter, BucketParameters),
    responses((status = 200, description = "The buckets", body = ref("Buckets")))
)]
pub(crate) async fn buckets(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(filter, parameters, _): Asked<EventFilter, BucketParameters>,
) -> Result<Response, RequestError> {
    let BucketParameters { interval, by, tz } = parameters;
    let zone = zone(tz.as_deref(), &app)?;
    let query = filter.query(&app.reference(), &read_scope(&caller)?)?;
    let counted = match interval {
        Some(Interval::Minute) | None => read(&log, query, Interval::Minute, by).await?,
        Some(_) => read(&log, query, Interval::Hour, by).await?,
    };
    let interval = interval.unwrap_or_else(|| Interval::fitting(counted.keys()));
    let mut buckets = Buckets::new();
    for (time, counts) in counted {
        let bucket = buckets.entry(interval.start_of(time, &zone)).or_default();
        for (value, count) in counts {
            *bucket.entry(value).or_default() += count;
        }
    }
    Ok(answer::json(StatusCode::OK, written(interval, &buckets, by)))
}

/// The events by minute or hour in UTC, of which all other buckets follow. Hours of zones that are shifted by a part of an
/// hour need minutes.
async fn read(
    log: &OpenLog,
    query: Query,
    step: Interval,
    by: Option<GroupBy>,
) -> Result<Buckets, StoreError> {
    let mut buckets = Buckets::new();
    if query.items.is_empty() && by.is_none() && step == Interval::Hour {
        // Nothing needs to be read where the log keeps the numbers itself.
        for (hour, count) in log.store().statistics(0).await?.per_hour {
            buckets.insert(hour, BTreeMap::from([(String::new(), count)]));
        }
        return Ok(buckets);
    }
    let mut reader = EventReader::new(log.events(), query, ReadOptions::default());
    while let Some(events) = reader.next_page().await? {
        for event in &events {
            let bucket = buckets.entry(step.start_of(event.timestamp, &jiff::tz::TimeZone::UTC)).or_default();
            let value = by.map_or("", |by| by.value_of(event));
            match bucket.get_mut(value) {
                Some(count) => *count += 1,
                None => drop(bucket.insert(value.to_owned(), 1)),
            }
        }
    }
    Ok(buckets)
}

fn written(interval: Interval, buckets: &Buckets, by: Option<GroupBy>) -> String {
    let mut text = format!("{{\"interval\":\"{}\",\"items\":[", interval.name());
    for (index, (start, counts)) in buckets.iter().enumerate() {
        let count: u64 = counts.values().sum();
        let comma = if index == 0 { "" } else { "," };
        text.push_str(&format!("{comma}{{\"start\":\"{start}\",\"count\":{count}"));
        if by.is_some() {
            text.push_str(",\"by\":{");
            for (index, (value, count)) in counts.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_json_string(&mut text, value);
                text.push_str(&format!(":{count}"));
            }
            text.push('}');
        }
        text.push('}');
    }
    text.push_str("]}");
    text
}
