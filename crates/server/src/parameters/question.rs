use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::problem::RequestError;
use crate::state::App;

/// What stands behind the `?` of a request: up to three groups of parameters, and nothing else. The structs that
/// document the parameters are those that are read, so that both always agree.
#[derive(Debug)]
pub(crate) struct Asked<A, B = Nothing, C = Nothing>(pub(crate) A, pub(crate) B, pub(crate) C);

/// A group without parameters.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Nothing {}

type Pairs = Vec<(String, String)>;

/// The names of each group's parameters, which are made once.
static NAMES: LazyLock<RwLock<HashMap<TypeId, Arc<[String]>>>> = LazyLock::new(RwLock::default);

impl<A, B, C> FromRequestParts<App> for Asked<A, B, C>
where
    A: DeserializeOwned + IntoParams + 'static,
    B: DeserializeOwned + IntoParams + 'static,
    C: DeserializeOwned + IntoParams + 'static,
{
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, RequestError> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let names = [names::<A>(), names::<B>(), names::<C>()];
        let is_known = |name: &String| names.iter().any(|names| names.contains(name));
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !is_known(name)) {
            let known = names.iter().flat_map(|names| names.iter().cloned()).collect();
            return Err(RequestError::UnknownParameter { name: name.clone(), known });
        }
        let [a, b, c] = names;
        Ok(Self(group(&pairs, &a)?, group(&pairs, &b)?, group(&pairs, &c)?))
    }
}

/// The names of a group's parameters.
fn names<T: IntoParams + 'static>() -> Arc<[String]> {
    let kind = TypeId::of::<T>();
    let known = NAMES.read().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
    known.unwrap_or_else(|| {
        let names: Arc<[String]> =
            T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
        NAMES.write().unwrap_or_else(PoisonError::into_inner).insert(kind, names.clone());
        names
    })
}

/// Reads those pairs that belong to a group.
fn group<T: DeserializeOwned>(pairs: &Pairs, names: &[String]) -> Result<T, RequestError> {
    let own = pairs.iter().filter(|(name, _)| names.contains(name));
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish();
    let reader = serde_html_form::Deserializer::from_bytes(text.as_bytes());
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let name = error.path().to_string();
        RequestError::parameter(name, format!("cannot be read: {}", error.into_inner()))
    })
}
