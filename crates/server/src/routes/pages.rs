//! The web UI: its files, and its one document at every address that is a page of it.

use annals_ui::{Freshness, PageFile};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderName, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;

use crate::answer::typed;
use crate::problem::RequestError;
use crate::state::App;

/// The pages use nothing but what this server gives them; `web/README.md` says how they manage.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// Where the names of files follow from what is in them.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// What is given depends on these headers of a request.
const DEPENDS_ON: HeaderValue = HeaderValue::from_static("accept, accept-encoding");

/// Below these nothing is a page, also not what is not there.
const OF_PROGRAMS: [&str; 6] = ["v1", "api", "logs", "tile", "docs", "session"];

const WITHOUT_PAGES: &str = include_str!("../assets/without-pages.html");

/// Whatever is no route of the API: a file of the UI, or a page of it, if a browser asks for one.
pub(super) async fn page(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let file = |path: &str| app.options.pages.iter().find(|file| file.path == path);
    let is_safe = matches!(method, Method::GET | Method::HEAD);
    if let Some(file) = file(uri.path()).filter(|_| is_safe) {
        return Ok(given(file, &headers));
    }
    if !is_safe || !is_page(uri.path(), &headers) {
        return Err(RequestError::NoRoute { path: uri.path().to_owned() });
    }
    Ok(file(PageFile::DOCUMENT).map_or_else(without_pages, |document| given(document, &headers)))
}

/// Whether a person goes there with a browser. Programs do not ask for HTML, and are told that nothing is there; `/` is
/// what people try first, with whatever they have.
fn is_page(path: &str, headers: &HeaderMap) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    path == "/" || (says(headers, ACCEPT, "text/html") && !OF_PROGRAMS.contains(&first))
}

fn given(file: &PageFile, headers: &HeaderMap) -> Response {
    let gzip = file.gzip.filter(|_| says(headers, ACCEPT_ENCODING, "gzip"));
    let body = Body::from(gzip.unwrap_or(file.bytes));
    let mut answer = typed(StatusCode::OK, HeaderValue::from_static(file.media_type()), body);
    let told = answer.headers_mut();
    if gzip.is_some() {
        told.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    told.insert(VARY, DEPENDS_ON);
    told.insert(CONTENT_SECURITY_POLICY, POLICY);
    let freshness = match file.freshness() {
        Freshness::Forever => FOREVER,
        Freshness::UntilAsked => ASK_AGAIN,
    };
    told.insert(CACHE_CONTROL, freshness);
    answer
}

/// Whether a header names something, and does not rule it out (RFC 9110 section 12.4.2).
fn says(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let values = headers.get_all(name);
    let mut words = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.any(|one| {
        let (named, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        named.trim().eq_ignore_ascii_case(word) && weight != Some(0.0)
    })
}

fn without_pages() -> Response {
    typed(StatusCode::OK, HeaderValue::from_static("text/html; charset=utf-8"), Body::from(WITHOUT_PAGES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_takes_is_read_with_its_weight() {
        let mut headers = HeaderMap::new();
        assert!(!says(&headers, ACCEPT_ENCODING, "gzip"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("br, GZIP;q=0.8"));
        assert!(says(&headers, ACCEPT_ENCODING, "gzip"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0, br"));
        assert!(!says(&headers, ACCEPT_ENCODING, "gzip"));
    }
}
