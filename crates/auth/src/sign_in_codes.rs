//! Codes in sign-in links. Each is good once and for a short while, in the process that gave it out.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use annals_event::{ActorId, Timestamp};
use annals_store::Clock;
use ring::digest;
use subtle::ConstantTimeEq as _;

use crate::caller::Credential;
use crate::{AllowedLogs, AuthError, Caller, Roles, base64url, random};

/// More codes than this are not kept waiting.
const PENDING_MAX: usize = 256;

/// Gives out codes and takes each back once.
pub struct SignInCodes {
    pending: Mutex<Vec<Pending>>,
    clock: Arc<dyn Clock>,
}

/// What a code gives, and to whom.
#[derive(Debug, Clone)]
pub struct SignInGrant {
    /// Who she is.
    pub subject: ActorId,
    /// What she is to the logs.
    pub roles: Roles,
    /// The logs that she may use.
    pub logs: AllowedLogs,
    /// How long the code can be used.
    pub lifetime: Duration,
}

/// A code of 256 bits. It is not printed but by who asks for it.
pub struct SignInCode(String);

struct Pending {
    /// SHA-256 of the code, so that no memory of this process holds one that can be used.
    hash: [u8; 32],
    grant: SignInGrant,
    expires: Timestamp,
}

impl SignInCodes {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { pending: Mutex::default(), clock }
    }

    /// A code for `grant`.
    ///
    /// # Errors
    /// [`AuthError::TooManyCodes`] when 256 wait to be used, [`AuthError::NoRole`] for a grant without a role, and
    /// [`AuthError::NoRandomness`].
    pub fn issue(&self, grant: SignInGrant) -> Result<SignInCode, AuthError> {
        if grant.roles.is_empty() {
            return Err(AuthError::NoRole {
                subject: grant.subject,
                pointer: "of the sign-in link".to_owned(),
            });
        }
        let code = base64url::encode(random::bytes::<32>()?);
        let now = self.clock.now();
        let lifetime = i64::try_from(grant.lifetime.as_micros()).unwrap_or(i64::MAX);
        let expires = Timestamp::from_micros(now.as_micros().saturating_add(lifetime));
        let expires = expires.map_err(|_| AuthError::CodeRefused)?;
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.retain(|code| now < code.expires);
        if pending.len() >= PENDING_MAX {
            return Err(AuthError::TooManyCodes { pending: pending.len() });
        }
        pending.push(Pending { hash: hash(&code), grant, expires });
        Ok(SignInCode(code))
    }

    /// Takes a code back, for a session to be begun. It is compared with each that waits, in constant time.
    ///
    /// # Errors
    /// [`AuthError::CodeRefused`] when it was used, is too old, or never was.
    pub fn redeem(&self, code: &str) -> Result<Caller, AuthError> {
        let (hash, now) = (hash(code), self.clock.now());
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = None;
        for (index, code) in pending.iter().enumerate() {
            if bool::from(code.hash.ct_eq(&hash)) {
                found = Some(index);
            }
        }
        let used = pending.swap_remove(found.ok_or(AuthError::CodeRefused)?);
        if now >= used.expires {
            return Err(AuthError::CodeRefused);
        }
        let SignInGrant { subject, roles, logs, .. } = used.grant;
        Ok(Caller { subject, roles, logs, expires: None, credential: Credential::Code })
    }
}

impl SignInCode {
    /// The code, for the fragment of a link: browsers send it to no server.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignInCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInCode(not shown)")
    }
}

fn hash(code: &str) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, code.as_bytes());
    let mut hash = [0; 32];
    hash.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    hash
}
