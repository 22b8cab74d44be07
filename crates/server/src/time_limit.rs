use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};

use crate::parameters::MediaType;
use crate::problem::RequestError;
use crate::state::App;

/// Gives up a request whose answer does not begin in time. What was handed to the store by then is stored or not, as a
/// repeat with the same event ids will tell.
///
/// Lines of JSON are taken for as long as they come: their answer counts them, and so begins at their end.
pub(crate) async fn keep<A>(app: &App, request: Request, next: impl FnOnce(Request) -> A) -> Response
where
    A: Future<Output = Response>,
{
    if MediaType::of(request.headers(), "").is_ok_and(|media_type| media_type == MediaType::Ndjson) {
        return next(request).await;
    }
    let limit = app.options.limits.answer_within;
    match tokio::time::timeout(limit, next(request)).await {
        Ok(answer) => answer,
        Err(_) => RequestError::TimedOut { seconds: limit.as_secs() }.into_response(),
    }
}
