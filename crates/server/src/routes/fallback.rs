//! Answers to what cannot be asked, and to what must not happen.

use std::any::Any;

use axum::http::Method;
use axum::response::{IntoResponse as _, Response};

use crate::problem::RequestError;

pub(super) async fn wrong_method(method: Method) -> RequestError {
    RequestError::Method { method: method.to_string(), allowed: String::new() }
}

/// A handler that panics is a fault of this program; the others go on.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    RequestError::Failed { what: said.unwrap_or("a handler panicked").to_owned() }.into_response()
}
