use annals_auth::{AuthError, Caller, Permission, ReadScope};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::must_be_this_machine;
use crate::problem::RequestError;
use crate::state::App;

/// Finds out who asks, and tells the handlers.
pub(crate) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match caller(&app, request.headers()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, RequestError> {
    let Some(auth) = &app.options.auth else {
        must_be_this_machine(headers)?;
        return Ok(Caller::admin_on_loopback());
    };
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(AuthError::NoCredential)?;
    Ok(auth.authenticate(token.trim()).await?)
}

/// Whose events the caller may read.
///
/// # Errors
/// [`RequestError::Forbidden`] when nobody's.
pub(crate) fn read_scope(caller: &Caller) -> Result<ReadScope, RequestError> {
    caller.read_scope().ok_or(RequestError::Forbidden { permission: Permission::ReadOwn })
}
