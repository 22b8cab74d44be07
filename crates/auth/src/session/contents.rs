use annals_event::{ActorId, Timestamp};
use serde::{Deserialize, Serialize};

use super::SessionId;
use crate::caller::Credential;
use crate::{AllowedLogs, Caller, Role, base64url};

/// What stands in a sealed cookie. The names are short because it travels with every request.
#[derive(Serialize, Deserialize)]
pub(super) struct Contents {
    id: String,
    sub: String,
    roles: Vec<String>,
    logs: Vec<String>,
    /// Microseconds since 1970.
    exp: i64,
}

impl Contents {
    pub(super) fn new(id: SessionId, caller: &Caller, expires: Timestamp) -> Self {
        Self {
            id: base64url::encode(id),
            sub: caller.subject().as_str().to_owned(),
            roles: caller.roles().iter().map(|role| role.as_str().to_owned()).collect(),
            logs: caller.logs().words().map(str::to_owned).collect(),
            exp: expires.as_micros(),
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn read(json: &[u8]) -> Option<(SessionId, Caller, Timestamp)> {
        let contents: Self = serde_json::from_slice(json).ok()?;
        let expires = Timestamp::from_micros(contents.exp).ok()?;
        let caller = Caller {
            subject: ActorId::new(&contents.sub).ok()?,
            roles: contents.roles.iter().filter_map(|role| Role::named(role)).collect(),
            logs: AllowedLogs::from_words(contents.logs.iter().map(String::as_str)),
            expires: Some(expires),
            credential: Credential::Session,
        };
        let id = base64url::decode(&contents.id)?.try_into().ok()?;
        Some((id, caller, expires))
    }
}
