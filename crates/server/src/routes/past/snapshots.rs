use annals::StreamName;
use annals_wire::SnapshotDocument;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

use crate::answer::{self, stream_items};
use crate::logs::OpenLog;
use crate::parameters::{Asked, InLog, Nothing, OfStream};
use crate::problem::RequestError;

/// The snapshots of an aggregate
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots", tag = "snapshots",
    responses((status = 200, description = "The snapshots, by version", body = ref("SnapshotList")))
)]
pub(crate) async fn aggregate_snapshots(
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    snapshots_of(log, Some(stream)).await
}

/// Keep the state of an aggregate as it is now
///
/// A snapshot makes questions faster and changes no answer.
#[utoipa::path(
    post, path = "/v1/aggregates/{aggregateType}/{aggregateId}/snapshots", tag = "snapshots",
    responses((status = 201, description = "The snapshot", body = ref("Snapshot")))
)]
pub(crate) async fn take_snapshot(
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    log.must_be_writable()?;
    let taken = log.history.snapshot(&stream).await?;
    let mut answer = answer::document(&SnapshotDocument::from(&taken))?;
    *answer.status_mut() = StatusCode::CREATED;
    Ok(answer)
}

/// The snapshots
///
/// By aggregate and version. One that is not current was taken by other reducers or upcasters than are configured now, and
/// is never used.
#[utoipa::path(
    get, path = "/v1/snapshots", tag = "snapshots",
    responses((status = 200, description = "The snapshots", body = ref("SnapshotList")))
)]
pub(crate) async fn snapshots(
    InLog(log): InLog,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    snapshots_of(log, None).await
}

async fn snapshots_of(log: Arc<OpenLog>, stream: Option<StreamName>) -> Result<Response, RequestError> {
    stream_items(async move |mut sink| {
        let mut snapshots = log.history.snapshots();
        while let Some(snapshot) = snapshots.next().await? {
            if stream.as_ref().is_none_or(|stream| *stream == snapshot.stream) {
                let document = serde_json::to_string(&SnapshotDocument::from(&snapshot));
                let document = document.map_err(|error| RequestError::Failed { what: error.to_string() })?;
                sink.item(|text| text.push_str(&document)).await?;
            }
        }
        Ok(sink.finish(None))
    })
    .await
}
