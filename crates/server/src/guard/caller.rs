use annals_auth::{AuthError, Authenticator, Caller, Cookie, Credential, Permission, ReadScope, Session};
use axum::extract::{MatchedPath, Request};
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::{IntoResponse as _, Response};

use super::matrix::{self, Need};
use super::must_be_this_machine;
use crate::access::Asking;
use crate::options::Publication;
use crate::problem::RequestError;
use crate::state::App;

/// What a browser's request says that changes something, so that no other site can have made it.
const CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// Lets in who may ask, and tells the handlers who she is. A path that is not there is for others to answer.
pub(crate) async fn admit<A>(app: &App, mut request: Request, next: impl FnOnce(Request) -> A) -> Response
where
    A: Future<Output = Response>,
{
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        return next(request).await;
    };
    let asking = request.extensions().get::<Asking>().cloned().unwrap_or_default();
    match admitted(app, request.method(), path.as_str(), request.headers(), &asking).await {
        Ok(None) => next(request).await,
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next(request).await
        }
        Err(error) => refused(app, error),
    }
}

/// Who asks, where that matters, and may.
async fn admitted(
    app: &App,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    asking: &Asking,
) -> Result<Option<Caller>, RequestError> {
    let permission = match matrix::need(method, path) {
        Need::Nothing => return Ok(None),
        Need::Published if app.options.publication == Publication::ForAnybody => return Ok(None),
        Need::Published => Permission::KnowOneself,
        Need::May(permission) => permission,
    };
    let caller = caller(app, method, headers).await?;
    asking.is(&caller);
    app.rates.count_caller(caller.subject().as_str())?;
    if caller.may(permission) { Ok(Some(caller)) } else { Err(RequestError::Forbidden { permission }) }
}

/// Who asks: by a token if there is one, otherwise by a session.
async fn caller(app: &App, method: &Method, headers: &HeaderMap) -> Result<Caller, RequestError> {
    let Some(auth) = &app.options.auth else {
        must_be_this_machine(headers)?;
        return Ok(Caller::admin_on_loopback());
    };
    if headers.contains_key(AUTHORIZATION) {
        return Ok(auth.authenticate(token(headers)?).await?);
    }
    let session = session(app, auth, headers)?;
    if !method.is_safe() {
        let said = headers.get(CSRF_TOKEN).and_then(|value| value.to_str().ok());
        auth.sessions().check_csrf_token(&session, said)?;
    }
    Ok(session.into_caller())
}

/// The token of a header `Authorization`. Several of them would be two callers.
fn token(headers: &HeaderMap) -> Result<&str, AuthError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(AuthError::NoCredential) };
    let (scheme, token) =
        value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or(AuthError::NoCredential)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(AuthError::NoCredential) }
}

/// The session whose cookie comes with a request.
///
/// # Errors
/// [`AuthError::NoCredential`] when none comes, and [`AuthError::SessionOver`].
pub(crate) fn session(app: &App, auth: &Authenticator, headers: &HeaderMap) -> Result<Session, AuthError> {
    let value = cookie(headers, Cookie::session(app.options.transport)).ok_or(AuthError::NoCredential)?;
    auth.sessions().resume(value)
}

/// The value of a cookie that comes with a request.
pub(crate) fn cookie(headers: &HeaderMap, cookie: Cookie) -> Option<&str> {
    let mut values = headers.get_all(COOKIE).iter();
    values.find_map(|value| cookie.value_in(value.to_str().ok()?))
}

/// The answer; a cookie that is worth nothing any more is taken back with it.
fn refused(app: &App, error: RequestError) -> Response {
    let is_over = matches!(error, RequestError::Auth(AuthError::SessionOver));
    let mut answer = error.into_response();
    if is_over
        && let Ok(forgotten) = HeaderValue::from_str(&Cookie::session(app.options.transport).forgotten())
    {
        answer.headers_mut().append(SET_COOKIE, forgotten);
    }
    answer
}

/// Whose events the caller may read.
///
/// # Errors
/// [`RequestError::Forbidden`] when nobody's.
pub(crate) fn read_scope(caller: &Caller) -> Result<ReadScope, RequestError> {
    caller.read_scope().ok_or(RequestError::Forbidden { permission: Permission::ReadOwn })
}

/// The word for a caller's credential in answers.
pub(crate) fn credential(caller: &Caller) -> &'static str {
    match caller.credential() {
        Credential::Loopback => "loopback",
        Credential::Token => "token",
        Credential::Session => "session",
        Credential::Code => "code",
        Credential::Provider => "provider",
    }
}
