use annals_event::JsonPointer;
use serde_json::{Map, Value};

use super::claims::Claims;
use crate::{AllowedLogs, AuthError, Role, Roles};

/// Where the claims stand that say what somebody may do.
///
/// A claim is a list of strings, or one string with spaces between its words, as `scope` is (RFC 8693 section 4.2).
/// Words that are not meant for Annals are passed over, for issuers put many into one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPointers {
    roles: String,
    logs: String,
}

impl ClaimPointers {
    /// Pointers into the claims, such as `/realm_access/roles`; the logs' claim holds names of logs, or `*` for all.
    ///
    /// # Errors
    /// [`AuthError::Misconfigured`] when one is no JSON pointer (RFC 6901), or is the whole of the claims.
    pub fn new(roles: &str, logs: &str) -> Result<Self, AuthError> {
        let leads_to_a_claim =
            |text: &&str| text.parse().is_ok_and(|pointer: JsonPointer| !pointer.steps().is_empty());
        if ![roles, logs].iter().all(leads_to_a_claim) {
            let what =
                "the pointers to the claims of roles and logs begin with / and name a claim, as /roles does";
            return Err(AuthError::Misconfigured { what });
        }
        Ok(Self { roles: roles.to_owned(), logs: logs.to_owned() })
    }

    /// Where the roles stand; `/roles` by default.
    #[must_use]
    pub fn roles(&self) -> &str {
        &self.roles
    }

    /// Where the logs stand; `/logs` by default.
    #[must_use]
    pub fn logs(&self) -> &str {
        &self.logs
    }

    pub(super) fn roles_in(&self, claims: &Claims) -> Roles {
        words(claims.at(&self.roles)).filter_map(Role::named).collect()
    }

    /// `None` when the claims say nothing about logs.
    pub(super) fn logs_in(&self, claims: &Claims) -> Option<AllowedLogs> {
        let claim = claims.at(&self.logs)?;
        Some(AllowedLogs::from_words(words(Some(claim))))
    }
}

impl Default for ClaimPointers {
    fn default() -> Self {
        Self { roles: "/roles".to_owned(), logs: "/logs".to_owned() }
    }
}

fn words(claim: Option<&Value>) -> impl Iterator<Item = &str> {
    let (list, text) = match claim {
        Some(Value::Array(list)) => (Some(list), None),
        Some(Value::String(text)) => (None, Some(text.split_ascii_whitespace())),
        _ => (None, None),
    };
    list.into_iter().flatten().filter_map(Value::as_str).chain(text.into_iter().flatten())
}

/// Puts `value` where `pointer` leads, making objects on the way.
pub(super) fn put(claims: &mut Map<String, Value>, pointer: &str, value: Value) -> Result<(), AuthError> {
    let what = "the claims of roles and logs lie in each other, or in a claim of RFC 7519: point elsewhere";
    let taken = AuthError::Misconfigured { what };
    let pointer: JsonPointer = pointer.parse().map_err(|_| taken.clone())?;
    let Some((last, path)) = pointer.steps().split_last() else { return Err(taken) };
    let mut object = claims;
    for step in path {
        let inner = object.entry(step.as_str()).or_insert_with(|| Value::Object(Map::new()));
        object = inner.as_object_mut().ok_or_else(|| taken.clone())?;
    }
    if object.contains_key(last) {
        return Err(taken);
    }
    object.insert(last.clone(), value);
    Ok(())
}
