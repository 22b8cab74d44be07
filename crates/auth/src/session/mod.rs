//! Sessions of browsers. All of a session is in its cookie, sealed, so that any server that has the secret knows it
//! and none keeps anything. The price is that a session cannot be ended before its time but by its browser.

mod contents;
mod cookie;
mod seal;

use std::sync::Arc;
use std::time::Duration;

use annals_event::Timestamp;
use annals_store::Clock;
use ring::hmac;

use crate::{AuthError, Caller, SharedSecret, base64url, random};
use contents::Contents;
pub use cookie::{Cookie, Transport};
pub(crate) use seal::Seal;

/// Browsers keep no cookie of more than 4,096 bytes, its name and attributes included (RFC 6265 section 6.1).
const COOKIE_BYTES_MAX: usize = 3_800;

/// Begins sessions and knows them again.
pub struct Sessions {
    seal: Seal,
    csrf: hmac::Key,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
}

/// A session that has begun.
pub struct BegunSession {
    /// The cookie's value. It is a secret.
    pub cookie: String,
    /// What the browser's requests that change something have to say.
    pub csrf_token: String,
    /// When the session ends.
    pub expires: Timestamp,
}

/// A session that goes on.
#[derive(Debug)]
pub struct Session {
    caller: Caller,
    id: SessionId,
}

/// What tells one session from all others.
pub(crate) type SessionId = [u8; 16];

impl Sessions {
    pub(crate) fn new(
        secret: &SharedSecret,
        lifetime: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        Ok(Self {
            seal: Seal::new(secret, b"annals session v1")?,
            csrf: hmac::Key::new(hmac::HMAC_SHA256, seal::derive(secret, b"annals csrf v1")?.as_slice()),
            lifetime,
            clock,
        })
    }

    /// Begins a session for a caller who came with something else. It ends no later than that would have.
    ///
    /// # Errors
    /// [`AuthError::SessionTooLarge`] when the caller's logs do not fit into a cookie, and
    /// [`AuthError::NoRandomness`].
    pub fn begin(&self, caller: &Caller) -> Result<BegunSession, AuthError> {
        let lifetime = i64::try_from(self.lifetime.as_micros()).unwrap_or(i64::MAX);
        let end = self.clock.now().as_micros().saturating_add(lifetime);
        let end = Timestamp::from_micros(end).map_err(|_| AuthError::SessionOver)?;
        let expires = caller.expires().map_or(end, |token| token.min(end));
        let id: SessionId = random::bytes()?;
        let cookie = self.seal.seal(&Contents::new(id, caller, expires).to_json())?;
        if cookie.len() > COOKIE_BYTES_MAX {
            return Err(AuthError::SessionTooLarge { bytes: cookie.len() });
        }
        Ok(BegunSession { cookie, csrf_token: self.csrf_token_of(&id), expires })
    }

    /// The session whose cookie has this value.
    ///
    /// # Errors
    /// [`AuthError::SessionOver`] when its time is over, or it was not sealed with this secret.
    pub fn resume(&self, cookie: &str) -> Result<Session, AuthError> {
        let json = self.seal.open(cookie).ok_or(AuthError::SessionOver)?;
        let (id, caller, expires) = Contents::read(&json).ok_or(AuthError::SessionOver)?;
        if self.clock.now() >= expires {
            return Err(AuthError::SessionOver);
        }
        Ok(Session { caller, id })
    }

    /// What a session's requests that change something have to say. Another site can make a browser send the cookie,
    /// and cannot know this.
    #[must_use]
    pub fn csrf_token(&self, session: &Session) -> String {
        self.csrf_token_of(&session.id)
    }

    /// Checks what a request said, in constant time.
    ///
    /// # Errors
    /// [`AuthError::CsrfTokenMissing`] when it said nothing, or what is true of another session.
    pub fn check_csrf_token(&self, session: &Session, said: Option<&str>) -> Result<(), AuthError> {
        let tag = said.and_then(base64url::decode).ok_or(AuthError::CsrfTokenMissing)?;
        hmac::verify(&self.csrf, &session.id, &tag).map_err(|_| AuthError::CsrfTokenMissing)
    }

    fn csrf_token_of(&self, id: &SessionId) -> String {
        base64url::encode(hmac::sign(&self.csrf, id))
    }
}

impl Session {
    /// Whose session it is.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whose session it was.
    #[must_use]
    pub fn into_caller(self) -> Caller {
        self.caller
    }
}

impl std::fmt::Debug for BegunSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BegunSession").field("expires", &self.expires).finish_non_exhaustive()
    }
}
