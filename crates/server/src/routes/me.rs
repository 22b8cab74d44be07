//! Who one is.

use annals_auth::{Caller, Role};
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use crate::answer;
use crate::guard::{credential, session};
use crate::parameters::{Asked, Nothing};
use crate::problem::RequestError;
use crate::state::App;

/// Who somebody is to this server.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Me {
    subject: String,
    roles: Vec<&'static str>,
    logs: Vec<String>,
    expires: Option<String>,
    credential: &'static str,
    csrf_token: Option<String>,
}

impl Me {
    pub(super) fn new(caller: &Caller, csrf_token: Option<String>) -> Self {
        Self {
            subject: caller.subject().to_string(),
            roles: caller.roles().iter().map(Role::as_str).collect(),
            logs: caller.logs().words().map(str::to_owned).collect(),
            expires: caller.expires().map(|end| end.to_string()),
            credential: credential(caller),
            csrf_token,
        }
    }
}

/// Who you are
///
/// By what you are known, what you may do, and, in a session, what requests that change something have to say.
#[utoipa::path(
    get, path = "/v1/me", tag = "session",
    responses((status = 200, description = "You", body = ref("Me")))
)]
pub(crate) async fn me(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let session = match (&app.options.auth, caller.credential()) {
        (Some(auth), annals_auth::Credential::Session) => {
            Some(auth.sessions().csrf_token(&session(&app, auth, &headers)?))
        }
        _ => None,
    };
    answer::document(&Me::new(&caller, session))
}
