//! The log as any C2SP client reads it: its checkpoint and its tiles.

use annals::{SignedCheckpoint, TilePath, read_tile};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::Response;

use super::receipt::signer;
use crate::answer;
use crate::logs::OpenLog;
use crate::parameters::{Asked, InLog, Nothing, PathParameters};
use crate::problem::RequestError;

/// A full tile never changes. Source: C2SP tlog-tiles, section "Merkle Tree".
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Whoever asks for the newest checkpoint wants the newest.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The newest signed checkpoint
///
/// As C2SP tlog-checkpoint.
#[utoipa::path(
    get, path = "/checkpoint", tag = "proof",
    responses((status = 200, description = "The checkpoint", body = String, content_type = "text/plain"))
)]
pub(crate) async fn checkpoint(
    InLog(log): InLog,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let mut answer = answer::text(newest(&log).await?.to_string());
    answer.headers_mut().insert(CACHE_CONTROL, ASK_AGAIN);
    Ok(answer)
}

/// A tile of the Merkle tree, or a bundle of entries
///
/// As C2SP tlog-tiles, as far as the newest checkpoint reaches: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.
#[utoipa::path(
    get, path = "/tile/{path}", tag = "proof",
    params(("path" = String, Path, description = "The level or entries, the index, and the width of a partial tile",
            example = "0/000")),
    responses((status = 200, description = "The tile", body = Vec<u8>, content_type = "application/octet-stream"))
)]
pub(crate) async fn tile(
    InLog(log): InLog,
    path: PathParameters,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let path = format!("tile/{}", path.text("path"));
    let path: TilePath = path
        .parse()
        .map_err(|_| RequestError::not_found(format!("tile at {path}, which is no tile's path")))?;
    let width = match path {
        TilePath::Tile(tile) => tile.width(),
        TilePath::Bundle(bundle) => bundle.width(),
    };
    let size = newest(&log).await?.unverified().size;
    let mut answer = answer::bytes(read_tile(log.store(), path, size).await?);
    if width.is_full() {
        answer.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    }
    Ok(answer)
}

/// The newest checkpoint; a log that was never signed, and may be, is signed now.
async fn newest(log: &OpenLog) -> Result<SignedCheckpoint, RequestError> {
    if let Some(newest) = log.store().newest_checkpoint().await? {
        return Ok(newest);
    }
    match signer(log) {
        Some(signer) if log.events().head().await?.size > 0 => Ok(signer.sign_now().await?),
        _ => Err(RequestError::not_found("checkpoint of this log yet")),
    }
}
