//! What explains the server, without any outside address.

use annals_wire::ErrorPage;
use axum::body::Body;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::Response;

use crate::answer::{self, typed};
use crate::openapi::OPENAPI_JSON;
use crate::parameters::PathParameters;
use crate::problem::RequestError;

/// The page uses nothing but what this server gives it.
const OWN_ASSETS_ONLY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

const PAGE: &str = include_str!("../assets/docs.html");
const SCRIPT: &str = include_str!("../assets/docs.js");
const STYLE: &str = include_str!("../assets/docs.css");

/// This description
///
/// OpenAPI 3.1; /docs shows it to people.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operations",
    responses((status = 200, description = "This document", body = inline(serde_json::Value), content_type = "application/json"))
)]
pub(crate) async fn openapi() -> Response {
    answer::json(StatusCode::OK, OPENAPI_JSON.clone())
}

pub(super) async fn page() -> Response {
    let mut answer = asset("text/html; charset=utf-8", PAGE);
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, OWN_ASSETS_ONLY);
    answer
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

pub(super) async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

/// The page that explains a code.
pub(super) async fn error_page(uri: Uri, path: PathParameters) -> Result<Response, RequestError> {
    match ErrorPage::of(path.text("code")) {
        Some(page) => Ok(asset("text/markdown; charset=utf-8", page.text)),
        None => Err(RequestError::NoRoute { path: uri.path().to_owned() }),
    }
}

fn asset(media_type: &'static str, text: &'static str) -> Response {
    typed(StatusCode::OK, HeaderValue::from_static(media_type), Body::from(text))
}
