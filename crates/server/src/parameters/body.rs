use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::options::RequestLimits;
use crate::problem::RequestError;

/// A whole body, as far as it may be read into memory.
///
/// # Errors
/// [`RequestError::BodyTooLarge`], [`RequestError::BodyCutOff`].
pub(crate) async fn read_body(body: Body, limits: &RequestLimits) -> Result<Bytes, RequestError> {
    let bytes_max = limits.body_bytes_max;
    match Limited::new(body, bytes_max).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(RequestError::BodyTooLarge { bytes_max }),
        Err(error) => Err(RequestError::BodyCutOff { what: error.to_string() }),
    }
}
