//! Signing in and out, for people with browsers: a token, a code or an identity provider's word is exchanged for a
//! cookie, so that downloads and live feeds work, which carry no header.

use annals_auth::{AuthError, Authenticator, Callback, Caller, Cookie, Provider};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::me::Me;
use crate::answer;
use crate::guard::{cookie, must_be_this_machine};
use crate::parameters::{Asked, MediaType, Nothing, read_body};
use crate::problem::RequestError;
use crate::state::App;

/// How long a browser keeps the cookie of a sign-in that has begun; what is sealed in it ends by itself.
const SIGN_IN_SECONDS: u64 = 600;

/// How people sign in here.
#[derive(Serialize)]
struct WaysIn {
    needed: bool,
    provider: bool,
}

/// With what somebody signs in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum SignIn {
    Token(String),
    Code(String),
}

/// Where somebody was going.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Destination {
    /// The path on this server to which the browser goes when somebody is signed in
    #[param(example = "/events")]
    return_to: Option<String>,
}

/// How people sign in here
#[utoipa::path(
    get, path = "/session", tag = "session",
    responses((status = 200, description = "The ways in", body = ref("WaysIn")))
)]
pub(crate) async fn ways_in(
    State(app): State<App>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let auth = app.options.auth.as_ref();
    let provider = auth.is_some_and(|auth| auth.provider().is_some());
    answer::document(&WaysIn { needed: auth.is_some(), provider })
}

/// Sign in
///
/// Exchanges a token, or the code of a sign-in link, for a cookie that a browser sends along by itself. The session ends no
/// later than the token. Requests of the session that change something carry its `csrfToken` in the header
/// `X-CSRF-Token`. Where the server has no key there is nothing to sign in to, and no cookie.
#[utoipa::path(
    post, path = "/session", tag = "session",
    request_body(description = "A token or a code", content((ref("SignIn") = "application/json"))),
    responses((status = 200, description = "You", body = ref("Me")))
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Asked(Nothing {}, ..): Asked<Nothing>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    MediaType::of(&headers, "application/json")?;
    let body = read_body(body, &app.options.limits).await?;
    let given: SignIn = serde_json::from_slice(&body).map_err(|_| RequestError::Body {
        what: "the body is neither {\"token\": \"…\"} nor {\"code\": \"…\"}".to_owned(),
    })?;
    let Some(auth) = &app.options.auth else {
        must_be_this_machine(&headers)?;
        return answer::document(&Me::new(&Caller::admin_on_loopback(), None));
    };
    let caller = match given {
        SignIn::Token(token) => auth.authenticate(token.trim()).await?,
        SignIn::Code(code) => auth.codes().redeem(code.trim())?,
    };
    let (set_cookie, me) = begin(&app, auth, &caller)?;
    let mut answer = answer::document(&me)?;
    answer.headers_mut().append(SET_COOKIE, set_cookie);
    answer.extensions_mut().insert(caller);
    Ok(answer)
}

/// Sign out
///
/// Has the browser forget its session.
#[utoipa::path(
    delete, path = "/session", tag = "session",
    responses((status = 204, description = "Signed out"))
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let forgotten = header(&Cookie::session(app.options.transport).forgotten())?;
    answer.headers_mut().append(SET_COOKIE, forgotten);
    Ok(answer)
}

/// Sign in with the identity provider
///
/// Sends the browser there.
#[utoipa::path(
    get, path = "/session/sign-in", tag = "session", params(Destination),
    responses((status = 303, description = "To the identity provider"))
)]
pub(crate) async fn depart(
    State(app): State<App>,
    uri: Uri,
    Asked(destination, ..): Asked<Destination>,
) -> Result<Response, RequestError> {
    let (_, provider) = provider(&app, &uri)?;
    let departure = provider.begin(destination.return_to.as_deref().unwrap_or("/")).await?;
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    let kept = Cookie::sign_in(app.options.transport).kept(&departure.cookie, SIGN_IN_SECONDS);
    answer.headers_mut().insert(LOCATION, header(&departure.location)?);
    answer.headers_mut().append(SET_COOKIE, header(&kept)?);
    Ok(answer)
}

/// Come back from the identity provider
///
/// The provider sends browsers here; nobody else asks for it.
#[utoipa::path(
    get, path = "/session/callback", tag = "session",
    params(
        ("code" = Option<String>, Query, description = "What the identity token is asked for with"),
        ("state" = Option<String>, Query, description = "What was sent along"),
        ("iss" = Option<String>, Query, description = "Who sends the browser back"),
        ("error" = Option<String>, Query, description = "Why nobody is signed in"),
    ),
    responses((status = 200, description = "Signed in: a page that leads on", body = String, content_type = "text/html"))
)]
pub(crate) async fn arrive(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let (auth, provider) = provider(&app, &uri)?;
    let kept = Cookie::sign_in(app.options.transport);
    let arrival = provider.finish(cookie(&headers, kept).unwrap_or_default(), &callback(&uri)).await?;
    let (set_cookie, _) = begin(&app, auth, &arrival.caller)?;
    let mut answer = answer::typed(
        StatusCode::OK,
        HeaderValue::from_static("text/html; charset=utf-8"),
        Body::from(page_that_leads_to(&arrival.return_to)),
    );
    answer.headers_mut().append(SET_COOKIE, set_cookie);
    answer.headers_mut().append(SET_COOKIE, header(&kept.forgotten())?);
    Ok(answer)
}

/// Begins a session: the header that sets its cookie, and whose it is.
fn begin(app: &App, auth: &Authenticator, caller: &Caller) -> Result<(HeaderValue, Me), RequestError> {
    let begun = auth.sessions().begin(caller)?;
    let session = auth.sessions().resume(&begun.cookie)?;
    let micros = begun.expires.as_micros().saturating_sub(app.now().as_micros());
    let seconds = u64::try_from(micros).unwrap_or_default() / 1_000_000;
    let set_cookie = header(&Cookie::session(app.options.transport).kept(&begun.cookie, seconds))?;
    Ok((set_cookie, Me::new(session.caller(), Some(begun.csrf_token))))
}

fn provider<'a>(app: &'a App, uri: &Uri) -> Result<(&'a Authenticator, &'a Provider), RequestError> {
    let auth = app.options.auth.as_ref();
    let both = auth.and_then(|auth| Some((auth, auth.provider()?)));
    both.ok_or_else(|| RequestError::NoRoute { path: uri.path().to_owned() })
}

/// What the provider says. It may say more, which means nothing here.
fn callback(uri: &Uri) -> Callback {
    let query = uri.query().unwrap_or_default();
    let said = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    Callback { code: said("code"), state: said("state"), issuer: said("iss"), error: said("error") }
}

/// A redirection would still be the provider's doing, and a browser would not send a strict cookie with it; from a page of
/// this server it does.
fn page_that_leads_to(path: &str) -> String {
    let path = path.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;");
    format!(
        "<!doctype html><title>Signed in</title><meta http-equiv=\"refresh\" content=\"0;url={path}\">\
         <a href=\"{path}\">You are signed in. Go on.</a>\n"
    )
}

/// Tokens, cookies and addresses that were checked are made of characters that headers may hold.
fn header(text: &str) -> Result<HeaderValue, RequestError> {
    let failed = |_| AuthError::SignInFailed { reason: "an answer cannot be written".to_owned() };
    HeaderValue::from_str(text).map_err(failed).map_err(RequestError::from)
}
