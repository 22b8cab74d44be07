use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::problem::RequestError;

/// What stands in the path in place of names in braces, percent-decoded.
pub(crate) struct PathParameters(Vec<(String, String)>);

impl PathParameters {
    /// What stands in place of `name`.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// What stands in place of `name`, read as what it must be.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(crate) fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<T, RequestError> {
        let read = self.text(name).parse();
        read.map_err(|error: T::Err| RequestError::parameter(name, format!("cannot be one: {error}")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathParameters {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        let raw = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|error| RequestError::parameter("path", format!("cannot be read: {error}")))?;
        Ok(Self(raw.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }
}
