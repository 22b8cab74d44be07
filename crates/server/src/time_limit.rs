use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::parameters::MediaType;
use crate::problem::RequestError;
use crate::state::App;

/// Gives up a request whose answer does not begin in time. What was handed to the store by then is stored or not, as a
/// repeat with the same event ids will tell.
///
/// Lines of JSON are taken for as long as they come: their answer counts them, and so begins at their end.
pub(crate) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    if MediaType::of(request.headers(), "").is_ok_and(|media_type| media_type == MediaType::Ndjson) {
        return next.run(request).await;
    }
    let limit = app.options.limits.answer_within;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => RequestError::TimedOut { seconds: limit.as_secs() }.into_response(),
    }
}
