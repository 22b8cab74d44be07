//! Proofs of events.

use annals::{CheckpointSigner, Signing, prove_event};
use annals_auth::Caller;
use axum::Extension;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::event::find;
use crate::answer;
use crate::guard::read_scope;
use crate::logs::OpenLog;
use crate::parameters::{Asked, InLog, OfEvent};
use crate::problem::RequestError;

/// In which form a receipt is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(rename_all = "lowercase")]
pub(crate) enum ReceiptForm {
    /// The receipt alone, as a C2SP tlog-proof.
    #[default]
    Text,
    /// The receipt and the event file, as strings.
    Json,
}

/// How a receipt is given.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReceiptParameters {
    /// text for the receipt alone, json for the receipt together with the event file that opens it
    #[param(inline)]
    form: ReceiptForm,
}

/// A receipt and what its holder needs beside it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptDocument {
    event_id: String,
    position: u64,
    /// A C2SP tlog-proof.
    receipt: String,
    /// The event with what opens its commitments, byte for byte as `annals verify --event` wants it.
    event_file: String,
}

/// Make a receipt: proof that one event is in the log
///
/// The receipt is a C2SP tlog-proof under a signed checkpoint; if none covers the event yet, one is signed. Whoever checks
/// it needs the event file too, which form=json gives as well.
#[utoipa::path(
    get, path = "/v1/events/{event}/receipt", tag = "proof",
    params(("event" = String, Path, description = "The event's id, or its position", example = "1042"), ReceiptParameters),
    responses((status = 200, description = "The receipt", content(
        (String = "text/plain"), (ref("Receipt") = "application/json"))))
)]
pub(crate) async fn receipt(
    InLog(log): InLog,
    OfEvent(event): OfEvent,
    Extension(caller): Extension<Caller>,
    Asked(ReceiptParameters { form }, ..): Asked<ReceiptParameters>,
) -> Result<Response, RequestError> {
    let event = find(log.events(), event, &read_scope(&caller)?).await?;
    let proof = prove_event(log.store(), signer(&log), event.event_id).await?;
    match form {
        ReceiptForm::Text => Ok(answer::text(proof.receipt.to_string())),
        ReceiptForm::Json => answer::document(&ReceiptDocument {
            event_id: event.event_id.to_string(),
            position: event.position.0,
            receipt: proof.receipt.to_string(),
            event_file: proof.disclosure.to_string(),
        }),
    }
}

/// Who signs the log's checkpoints here, if anybody does.
pub(super) fn signer(log: &OpenLog) -> Option<&CheckpointSigner> {
    match log.log.signing() {
        Signing::Active { signer, .. } => Some(signer),
        Signing::Refused(_) | Signing::ReadOnly => None,
    }
}
