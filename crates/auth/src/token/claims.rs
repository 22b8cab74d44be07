use std::time::Duration;

use annals_event::{ActorId, Timestamp};
use serde_json::{Map, Value};

use super::ClaimPointers;
use crate::caller::Credential;
use crate::{AllowedLogs, AuthError, Caller};

/// 10000-01-01T00:00:00Z, before which every time lies.
const SECONDS_MAX: f64 = 253_402_300_800.0;

/// What a token with a good signature says.
pub(crate) struct Claims(Value);

/// What has to be true of the claims, and what is made of them.
#[derive(Debug, Clone)]
pub(crate) struct Expectations {
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) leeway: Duration,
    pub(crate) pointers: ClaimPointers,
    /// For tokens that say nothing about logs.
    pub(crate) logs_by_default: AllowedLogs,
}

impl Claims {
    pub(super) fn new(claims: Map<String, Value>) -> Self {
        Self(Value::Object(claims))
    }

    /// The value that a JSON pointer leads to.
    pub(super) fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A claim that has to be a string where it stands.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, AuthError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(refused(name, "is no string")),
        }
    }

    /// A claim that has to be a NumericDate where it stands: seconds since 1970, also fractions of them.
    fn time(&self, name: &'static str) -> Result<Option<Timestamp>, AuthError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let seconds = value.as_f64().ok_or_else(|| refused(name, "is no number of seconds"))?;
        timestamp(seconds).map(Some).ok_or_else(|| refused(name, "is no time before the year 10000"))
    }

    /// For whom the token is meant: one name, or several (RFC 7519 section 4.1.3).
    fn audience(&self) -> Result<Option<Vec<&str>>, AuthError> {
        match self.get("aud") {
            None => Ok(None),
            Some(Value::String(one)) => Ok(Some(vec![one])),
            Some(Value::Array(several)) => {
                let names: Option<Vec<&str>> = several.iter().map(Value::as_str).collect();
                names.map(Some).ok_or_else(|| refused("aud", "holds something that is no string"))
            }
            Some(_) => Err(refused("aud", "is neither a string nor a list of them")),
        }
    }

    /// Checks all that is expected, and makes a caller of the claims.
    pub(crate) fn caller(&self, expected: &Expectations, now: Timestamp) -> Result<Caller, AuthError> {
        let expires = self.check_times(expected.leeway, now)?;
        self.check_issuer(expected.issuer.as_deref())?;
        self.check_audience(expected.audience.as_deref())?;
        let subject = self.subject()?;
        let roles = expected.pointers.roles_in(self);
        if roles.is_empty() {
            return Err(AuthError::NoRole { subject, pointer: expected.pointers.roles().to_owned() });
        }
        let logs = expected.pointers.logs_in(self).unwrap_or_else(|| expected.logs_by_default.clone());
        Ok(Caller { subject, roles, logs, expires: Some(expires), credential: Credential::Token })
    }

    /// A token has to end, so that one that leaks does not open the store for ever.
    fn check_times(&self, leeway: Duration, now: Timestamp) -> Result<Timestamp, AuthError> {
        let expires = self.time("exp")?.ok_or_else(|| refused("exp", "is missing: a token has to end"))?;
        let leeway = i64::try_from(leeway.as_micros()).unwrap_or(i64::MAX);
        if now.as_micros() >= expires.as_micros().saturating_add(leeway) {
            return Err(AuthError::TokenExpired { expired: expires });
        }
        match self.time("nbf")? {
            Some(from) if now.as_micros() < from.as_micros().saturating_sub(leeway) => {
                Err(AuthError::TokenNotYetValid { from })
            }
            _ => Ok(expires),
        }
    }

    fn check_issuer(&self, wanted: Option<&str>) -> Result<(), AuthError> {
        let found = self.text("iss")?;
        match wanted {
            Some(wanted) if found != Some(wanted) => {
                Err(AuthError::IssuerRefused { found: found.map(str::to_owned), wanted: wanted.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// A token that is meant for somebody else is refused also where no name is configured (RFC 7519 section 4.1.3).
    fn check_audience(&self, wanted: Option<&str>) -> Result<(), AuthError> {
        let found = self.audience()?;
        let meant = match (&found, wanted) {
            (None, None) => true,
            (Some(found), Some(wanted)) => found.contains(&wanted),
            _ => false,
        };
        if meant {
            return Ok(());
        }
        let found = found.map(|names| names.join(", "));
        Err(AuthError::AudienceRefused { found, wanted: wanted.map(str::to_owned) })
    }

    /// Whom the token speaks of. The name of nobody is nobody's to have.
    fn subject(&self) -> Result<ActorId, AuthError> {
        let subject = self.text("sub")?.ok_or_else(|| refused("sub", "is missing: nobody is named"))?;
        let subject = ActorId::new(subject).map_err(|_| refused("sub", "cannot be the name of an actor"))?;
        if subject == ActorId::anonymous() {
            return Err(refused("sub", "is the name of nobody"));
        }
        Ok(subject)
    }
}

fn timestamp(seconds: f64) -> Option<Timestamp> {
    if !(0.0..SECONDS_MAX).contains(&seconds) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked above, and fractions are rounded"
    )]
    let micros = (seconds * 1e6).round() as i64;
    Timestamp::from_micros(micros).ok()
}

fn refused(claim: &str, reason: &'static str) -> AuthError {
    AuthError::ClaimRefused { claim: claim.to_owned(), reason }
}
