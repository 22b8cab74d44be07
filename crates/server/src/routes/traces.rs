//! Everything that belongs together, and what caused what.

use std::collections::HashMap;

use annals::{EventId, JsonForm, Position, Query, QueryItem, write_json_string};
use annals_auth::{Caller, ReadScope};
use axum::Extension;
use axum::response::Response;

use super::scan::{Part, Scan};
use crate::answer::stream_items;
use crate::guard::read_scope;
use crate::parameters::{Asked, InLog, PageParameters, PathParameters, RawParameter};
use crate::problem::RequestError;

/// One event as the effect of another.
struct Link {
    event_id: EventId,
    position: Position,
    causation_id: String,
    /// Where the cause stands, when it is an event of this page.
    cause: Option<Position>,
}

/// Everything under one correlation id
///
/// By position. `links` names, for each event whose metadata has a causation id, the event that caused it: `cause` is its
/// position, or null where it is not one of the events listed here.
#[utoipa::path(
    get, path = "/v1/traces/{correlationId}", tag = "events",
    params(("correlationId" = String, Path, description = "The correlation id"), PageParameters, RawParameter),
    responses((status = 200, description = "A page of events with their causes", body = ref("Trace")))
)]
pub(crate) async fn trace(
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    path: PathParameters,
    Asked(page, raw, _): Asked<PageParameters, RawParameter>,
) -> Result<Response, RequestError> {
    let correlation_id = Some(path.text("correlationId").to_owned());
    let actor_id = match read_scope(&caller)? {
        ReadScope::All => None,
        ReadScope::Own(own) => Some(own),
    };
    let query = Query::from(QueryItem { correlation_id, actor_id, ..QueryItem::default() });
    let part = Part::of(&page)?;
    stream_items(async move |mut sink| {
        let form: JsonForm = raw.form();
        let mut places: HashMap<String, Position> = HashMap::new();
        let mut links: Vec<Link> = Vec::new();
        let mut scan = Scan::new(log.events(), &query, part);
        while let Some(events) = scan.next_events().await? {
            for event in &events {
                places.insert(event.event_id.to_string(), event.position);
                if let Some(causation_id) = event.causation_id() {
                    let (event_id, position, causation_id) =
                        (event.event_id, event.position, causation_id.into_owned());
                    links.push(Link { event_id, position, causation_id, cause: None });
                }
                sink.item(|text| event.write_json(text, form)).await?;
            }
        }
        for link in &mut links {
            link.cause = places.get(&link.causation_id.to_ascii_lowercase()).copied();
        }
        let next = scan.next().map(|position| position.to_string());
        Ok(sink.finish_with(next.as_deref(), |text| write_links(text, &links)))
    })
    .await
}

fn write_links(text: &mut String, links: &[Link]) {
    text.push_str(",\"links\":[");
    for (index, Link { event_id, position, causation_id, cause }) in links.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        text.push_str(&format!(
            "{comma}{{\"eventId\":\"{event_id}\",\"position\":{position},\"causationId\":"
        ));
        write_json_string(text, causation_id);
        match cause {
            Some(cause) => text.push_str(&format!(",\"cause\":{cause}}}")),
            None => text.push_str(",\"cause\":null}"),
        }
    }
    text.push(']');
}
