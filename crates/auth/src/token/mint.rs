use std::time::Duration;

use annals_event::{ActorId, Timestamp};
use ring::hmac;
use serde_json::{Map, Value, json};

use super::pointers::put;
use crate::{AllowedLogs, AuthError, AuthOptions, ClaimPointers, KeySource, Roles, base64url};

/// Makes the tokens that an [`Authenticator`](crate::Authenticator) of the same options accepts. Only who knows a
/// shared secret can.
#[derive(Debug)]
pub struct Mint {
    key: hmac::Key,
    issuer: Option<String>,
    audience: Option<String>,
    pointers: ClaimPointers,
}

/// What a token gives, and to whom.
#[derive(Debug, Clone)]
pub struct TokenGrant {
    /// Who she is, and the actor of what she appends.
    pub subject: ActorId,
    /// What she is to the logs; at least one role.
    pub roles: Roles,
    /// The logs that she may use.
    pub logs: AllowedLogs,
    /// How long the token is good.
    pub lifetime: Duration,
}

impl Mint {
    /// A mint for what `options` accept.
    ///
    /// # Errors
    /// [`AuthError::Misconfigured`] when the keys are not a shared secret.
    pub fn new(options: &AuthOptions) -> Result<Self, AuthError> {
        let KeySource::SharedSecret(secret) = &options.keys else {
            let what =
                "tokens are made here only with a shared secret; with other keys, their issuer makes them";
            return Err(AuthError::Misconfigured { what });
        };
        Ok(Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.bytes()),
            issuer: options.issuer.clone(),
            audience: options.audience.clone(),
            pointers: options.pointers.clone(),
        })
    }

    /// A token that is good from `now` on. Whoever has it is let in: it is a secret.
    ///
    /// # Errors
    /// [`AuthError::NoRole`] for a grant without a role, [`AuthError::ClaimRefused`] when the token would end too late
    /// or speak of nobody, and [`AuthError::Misconfigured`] when the claims of roles and logs collide with others.
    pub fn mint(&self, grant: &TokenGrant, now: Timestamp) -> Result<String, AuthError> {
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let claims = Value::Object(self.claims(grant, now)?);
        let signed =
            format!("{}.{}", base64url::encode(header.to_string()), base64url::encode(claims.to_string()));
        let signature = base64url::encode(hmac::sign(&self.key, signed.as_bytes()));
        Ok(format!("{signed}.{signature}"))
    }

    fn claims(&self, grant: &TokenGrant, now: Timestamp) -> Result<Map<String, Value>, AuthError> {
        if grant.subject == ActorId::anonymous() {
            return Err(refused("sub", "is the name of nobody"));
        }
        if grant.roles.is_empty() {
            let pointer = self.pointers.roles().to_owned();
            return Err(AuthError::NoRole { subject: grant.subject.clone(), pointer });
        }
        let lifetime = i64::try_from(grant.lifetime.as_micros()).unwrap_or(i64::MAX);
        let end = Timestamp::from_micros(now.as_micros().saturating_add(lifetime));
        let end = end.map_err(|_| refused("exp", "lies behind the year 9999"))?;
        let seconds = |moment: Timestamp| moment.as_micros().div_euclid(1_000_000);
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), json!(grant.subject.as_str()));
        claims.insert("iat".to_owned(), json!(seconds(now)));
        claims.insert("nbf".to_owned(), json!(seconds(now)));
        claims.insert("exp".to_owned(), json!(seconds(end)));
        claims.extend(self.issuer.iter().map(|issuer| ("iss".to_owned(), json!(issuer))));
        claims.extend(self.audience.iter().map(|audience| ("aud".to_owned(), json!(audience))));
        let roles: Vec<&str> = grant.roles.iter().map(crate::Role::as_str).collect();
        let logs: Vec<&str> = grant.logs.words().collect();
        put(&mut claims, self.pointers.roles(), json!(roles))?;
        put(&mut claims, self.pointers.logs(), json!(logs))?;
        Ok(claims)
    }
}

fn refused(claim: &str, reason: &'static str) -> AuthError {
    AuthError::ClaimRefused { claim: claim.to_owned(), reason }
}
