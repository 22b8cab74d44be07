//! Proofs that a log only grew.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::answer;
use crate::parameters::{Asked, InLog};
use crate::problem::RequestError;

/// Between which sizes it is to be proven.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConsistencyParameters {
    /// How many events the log held first
    from: u64,
    /// How many events it held then; as many as it holds now, when it is not given
    to: Option<u64>,
}

/// A proof that a log only grew.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsistencyDocument {
    from: u64,
    to: u64,
    from_root: String,
    to_root: String,
    /// Hashes in base64, in the order of RFC 9162.
    proof: Vec<String>,
}

/// Proof that the log only grew
///
/// The consistency proof (RFC 9162, section 2.1.4) between two sizes, with the roots at both.
#[utoipa::path(
    get, path = "/v1/consistency", tag = "proof",
    params(ConsistencyParameters),
    responses((status = 200, description = "The proof", body = ref("Consistency")))
)]
pub(crate) async fn consistency(
    InLog(log): InLog,
    Asked(ConsistencyParameters { from, to }, ..): Asked<ConsistencyParameters>,
) -> Result<Response, RequestError> {
    let store = log.store();
    let to = match to {
        Some(to) => to,
        None => log.events().head().await?.size,
    };
    if from > to {
        let what = format!("is {from}, and to is {to}; a log only grows");
        return Err(RequestError::parameter("from", what));
    }
    answer::document(&ConsistencyDocument {
        from,
        to,
        from_root: store.root_at(from).await?.to_string(),
        to_root: store.root_at(to).await?.to_string(),
        proof: store.consistency_proof(from, to).await?.hashes.iter().map(ToString::to_string).collect(),
    })
}
