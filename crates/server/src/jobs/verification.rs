use std::sync::Arc;

use annals::{VerifyOptions, VerifyProgress, verify};
use annals_wire::VerificationDocument;

use super::document::Outcome;
use super::job::Progress;
use crate::logs::OpenLog;
use crate::problem::RequestError;

/// What a verification found.
pub(crate) struct Verified(VerificationDocument);

/// Verifies a log as it is now.
///
/// # Errors
/// [`RequestError`] when the log cannot be read; what is wrong with it is what was found.
pub(crate) async fn verification(
    log: Arc<OpenLog>,
    progress: Arc<Progress>,
) -> Result<Verified, RequestError> {
    progress.begin(log.events().head().await?.size);
    let tell = |at: VerifyProgress| {
        progress.begin(at.size);
        progress.at(at.checked);
    };
    let options = VerifyOptions { progress: Some(&tell), ..VerifyOptions::default() };
    let found = verify(&**log.log.store(), options).await?;
    progress.at(found.size);
    Ok(Verified(VerificationDocument::from(found)))
}

impl Outcome for Verified {
    fn to_json(&self) -> String {
        // Strings and numbers always become JSON.
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}
