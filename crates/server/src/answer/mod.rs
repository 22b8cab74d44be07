//! How answers are given: JSON that was written by hand, whole or as it is read.

mod items;

use axum::BoxError;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use serde::Serialize;

use crate::problem::RequestError;

pub(crate) use items::stream_items;

/// A text that is JSON.
pub(crate) fn json(status: StatusCode, text: String) -> Response {
    typed(status, HeaderValue::from_static("application/json"), Body::from(text))
}

/// A document as JSON.
///
/// # Errors
/// [`RequestError::Failed`], which no document of this crate meets.
pub(crate) fn document(document: &impl Serialize) -> Result<Response, RequestError> {
    let text =
        serde_json::to_string(document).map_err(|error| RequestError::Failed { what: error.to_string() })?;
    Ok(json(StatusCode::OK, text))
}

/// A text in one of the C2SP formats.
pub(crate) fn text(text: String) -> Response {
    typed(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), Body::from(text))
}

/// Bytes as they are.
pub(crate) fn bytes(bytes: impl Into<Bytes>) -> Response {
    let body = Body::from(bytes.into());
    typed(StatusCode::OK, HeaderValue::from_static("application/octet-stream"), body)
}

/// A body that is read as it is sent. What compresses it may ask again for more after the end, where a stream alone
/// need not answer.
pub(crate) fn streamed<E: Into<BoxError>>(
    chunks: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
) -> Body {
    Body::from_stream(chunks.fuse())
}

/// A body of some type.
pub(crate) fn typed(status: StatusCode, media_type: HeaderValue, body: Body) -> Response {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, media_type);
    answer
}
