use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::Parameter;

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

/// A parameter, as its struct documents it.
struct Known {
    name: String,
    /// Whether it may be empty: a text may, a number cannot.
    is_text: bool,
}

/// Each group's parameters, which are made once.
static KNOWN: LazyLock<RwLock<HashMap<TypeId, Arc<[Known]>>>> = LazyLock::new(RwLock::default);

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
        let groups = [known::<A>(), known::<B>(), known::<C>()];
        for (name, value) in &pairs {
            let found = groups.iter().flat_map(|group| group.iter()).find(|known| known.name == *name);
            match found {
                None => {
                    let known = groups
                        .iter()
                        .flat_map(|group| group.iter())
                        .map(|known| known.name.clone())
                        .collect();
                    return Err(RequestError::UnknownParameter { name: name.clone(), known });
                }
                Some(known) if value.is_empty() && !known.is_text => {
                    return Err(RequestError::parameter(name, "is empty"));
                }
                Some(_) => {}
            }
        }
        let [a, b, c] = groups;
        Ok(Self(read(&pairs, &a)?, read(&pairs, &b)?, read(&pairs, &c)?))
    }
}

/// The parameters of a group.
fn known<T: IntoParams + 'static>() -> Arc<[Known]> {
    let kind = TypeId::of::<T>();
    let made = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
    made.unwrap_or_else(|| {
        let known: Arc<[Known]> = T::into_params(|| None).into_iter().map(Known::of).collect();
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(kind, known.clone());
        known
    })
}

impl Known {
    fn of(parameter: Parameter) -> Self {
        let shape = serde_json::to_string(&parameter.schema).unwrap_or_default();
        Self { name: parameter.name, is_text: shape.contains("\"string\"") && !shape.contains("\"enum\"") }
    }
}

/// Reads those pairs that belong to a group.
fn read<T: DeserializeOwned>(pairs: &Pairs, group: &[Known]) -> Result<T, RequestError> {
    let own = pairs.iter().filter(|(name, _)| group.iter().any(|known| known.name == *name));
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish();
    let reader = serde_html_form::Deserializer::from_bytes(text.as_bytes());
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let name = error.path().to_string();
        RequestError::parameter(name, format!("cannot be read: {}", error.into_inner()))
    })
}
