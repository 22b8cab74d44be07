//! Why somebody is not let in, and why a key cannot be used.

use annals_event::{ActorId, Timestamp};

/// Why somebody is not let in, or why a key cannot be used. No message repeats a token, a cookie, a code or a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// Nothing says who the caller is.
    #[error("this needs a token (Authorization: Bearer …) or a session")]
    NoCredential,
    /// A token does not have the form of RFC 7515 and RFC 7519.
    #[error("the token is none that can be read: {reason}")]
    TokenUnreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// A token is longer than any that is read.
    #[error("the token has {bytes} bytes; at most {bytes_max} are read")]
    TokenTooLong {
        /// Its length.
        bytes: usize,
        /// The longest that is read.
        bytes_max: usize,
    },
    /// A token is signed in a way that the configured keys do not use, or not at all.
    #[error("the token is signed with {algorithm:?}, which no configured key is for")]
    AlgorithmRefused {
        /// The algorithm that the token names.
        algorithm: String,
    },
    /// No configured key has the name or the algorithm that a token asks for.
    #[error("no key of {algorithm} is known by the name {}; ask for a new token, or configure that key", named(.kid.as_deref()))]
    NoSuchKey {
        /// The name in the token.
        kid: Option<String>,
        /// The algorithm in the token.
        algorithm: &'static str,
    },
    /// A token was altered, or signed by somebody else.
    #[error("the token's signature is not that of a configured key")]
    SignatureRefused,
    /// A token's time is over.
    #[error("the token ended at {expired}; ask for a new one")]
    TokenExpired {
        /// When it ended.
        expired: Timestamp,
    },
    /// A token's time has not come.
    #[error("the token is not valid before {from}")]
    TokenNotYetValid {
        /// When it begins.
        from: Timestamp,
    },
    /// A token is somebody else's.
    #[error("the token was issued by {}, and {wanted:?} is trusted", named(.found.as_deref()))]
    IssuerRefused {
        /// Who issued it.
        found: Option<String>,
        /// Who is trusted.
        wanted: String,
    },
    /// A token is meant for another service.
    #[error("the token is meant for {}, and this is {}", named(.found.as_deref()), named(.wanted.as_deref()))]
    AudienceRefused {
        /// For whom it is meant.
        found: Option<String>,
        /// For whom it has to be meant.
        wanted: Option<String>,
    },
    /// A claim is missing or says nothing that can be used.
    #[error("the token's claim {claim} {reason}")]
    ClaimRefused {
        /// The claim.
        claim: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A token gives its subject no role.
    #[error("{subject} has no role: the token's claim {pointer} holds none of {roles}", roles = known_roles())]
    NoRole {
        /// Whose token it is.
        subject: ActorId,
        /// Where roles are looked for.
        pointer: String,
    },
    /// The keys of an issuer could never be fetched.
    #[error("the keys at {url} cannot be had, so that no token can be checked: {reason}")]
    KeysUnavailable {
        /// Where they are.
        url: String,
        /// What was in the way.
        reason: String,
    },
    /// A cookie is not a session of this server, or is one no longer.
    #[error("the session is over; sign in again")]
    SessionOver,
    /// A request that changes something came with a cookie and without the word that proves where it comes from.
    #[error("a request with a session that changes something needs the header X-CSRF-Token from GET /v1/me")]
    CsrfTokenMissing,
    /// A code was used, is too old, or never was.
    #[error("the code was used already or is too old; ask for a new one")]
    CodeRefused,
    /// More codes wait to be used than are kept.
    #[error("{pending} codes wait to be used, and no more are kept; try again when some have ended")]
    TooManyCodes {
        /// How many wait.
        pending: usize,
    },
    /// A session holds too much for a cookie.
    #[error("a session of {bytes} bytes does not fit into a cookie; name fewer logs, or use a token")]
    SessionTooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// A secret can be guessed.
    #[error("the secret has {bytes} bytes, and needs at least 32: make one with 'openssl rand -base64 48'")]
    SecretTooShort {
        /// How many it has.
        bytes: usize,
    },
    /// A text holds no public key that can be used.
    #[error("the key {name} cannot be used: {reason}")]
    KeyUnusable {
        /// Which one.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A location is not one that keys or sign-ins may come from.
    #[error("{url:?} cannot be used: {reason}")]
    UrlRefused {
        /// The location.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Configured values do not go together.
    #[error("{what}")]
    Misconfigured {
        /// What is wrong and what to do.
        what: &'static str,
    },
    /// A sign-in with an identity provider did not come to its end.
    #[error("the sign-in failed: {reason}")]
    SignInFailed {
        /// Why.
        reason: String,
    },
    /// An identity provider cannot be asked.
    #[error("the identity provider {issuer} cannot be asked: {reason}")]
    ProviderUnavailable {
        /// Who it is.
        issuer: String,
        /// What was in the way.
        reason: String,
    },
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness")]
    NoRandomness,
}

/// What a caller can do about an [`AuthError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Come with another credential.
    SignIn,
    /// Ask whoever gives out roles.
    AskForRights,
    /// Try again later.
    Wait,
    /// Change the configuration.
    Configure,
}

impl AuthError {
    /// The stable code, by which `docs/errors` explains it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCredential => "sign-in-needed",
            Self::TokenUnreadable { .. }
            | Self::TokenTooLong { .. }
            | Self::AlgorithmRefused { .. }
            | Self::NoSuchKey { .. }
            | Self::SignatureRefused
            | Self::TokenNotYetValid { .. }
            | Self::IssuerRefused { .. }
            | Self::AudienceRefused { .. }
            | Self::ClaimRefused { .. } => "token-refused",
            Self::TokenExpired { .. } => "token-expired",
            Self::NoRole { .. } => "role-missing",
            Self::KeysUnavailable { .. } | Self::ProviderUnavailable { .. } => "issuer-unavailable",
            Self::SessionOver | Self::SessionTooLarge { .. } => "session-over",
            Self::CsrfTokenMissing => "csrf-token-missing",
            Self::CodeRefused | Self::TooManyCodes { .. } | Self::SignInFailed { .. } => "sign-in-failed",
            Self::SecretTooShort { .. }
            | Self::KeyUnusable { .. }
            | Self::UrlRefused { .. }
            | Self::Misconfigured { .. } => "auth-misconfigured",
            Self::NoRandomness => "randomness-unavailable",
        }
    }

    /// What can be done about it.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NoRole { .. } | Self::CsrfTokenMissing => Remedy::AskForRights,
            Self::KeysUnavailable { .. }
            | Self::ProviderUnavailable { .. }
            | Self::TooManyCodes { .. }
            | Self::NoRandomness => Remedy::Wait,
            Self::SecretTooShort { .. }
            | Self::KeyUnusable { .. }
            | Self::UrlRefused { .. }
            | Self::Misconfigured { .. } => Remedy::Configure,
            _ => Remedy::SignIn,
        }
    }
}

fn named(name: Option<&str>) -> String {
    name.map_or_else(|| "nobody".to_owned(), |name| format!("{name:?}"))
}

fn known_roles() -> String {
    crate::Roles::from_iter(crate::Role::ALL).to_string()
}
