use annals_event::JsonObject;
use serde_json::{Map, Value};

use super::claims::Claims;
use crate::key::Algorithm;
use crate::{AuthError, base64url};

/// A token in its three parts, read and not yet believed.
pub(crate) struct CompactToken<'a> {
    /// What the signature is over.
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    kid: Option<String>,
}

/// What a header's `typ` may be: a token's own names (RFC 7519 section 5.1, RFC 9068 section 2.1). Logout tokens and
/// others that are signed by the same keys have names of their own (RFC 8725 section 3.11).
const TYPES: [&str; 2] = ["jwt", "at+jwt"];

impl<'a> CompactToken<'a> {
    /// Takes a token apart.
    pub(crate) fn parse(token: &'a str, bytes_max: usize) -> Result<Self, AuthError> {
        if token.len() > bytes_max {
            return Err(AuthError::TokenTooLong { bytes: token.len(), bytes_max });
        }
        let (signed, signature) = token.rsplit_once('.').ok_or_else(|| unreadable(THREE_PARTS))?;
        let (header, payload) = signed.split_once('.').ok_or_else(|| unreadable(THREE_PARTS))?;
        if payload.contains('.') {
            return Err(unreadable(THREE_PARTS));
        }
        let signature =
            base64url::decode(signature).ok_or_else(|| unreadable("its signature is not base64url"))?;
        let header = object(header, "header")?;
        refuse_what_must_be_understood(&header)?;
        let algorithm = text(&header, "alg")?.ok_or_else(|| unreadable("its header names no algorithm"))?;
        let known = Algorithm::named(&algorithm);
        let algorithm = known.ok_or(AuthError::AlgorithmRefused { algorithm })?;
        Ok(Self { signed, payload, signature, algorithm, kid: text(&header, "kid")? })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn signed(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The claims, to be asked for once the signature is known to be good.
    pub(crate) fn claims(&self) -> Result<Claims, AuthError> {
        object(self.payload, "payload").map(Claims::new)
    }
}

const THREE_PARTS: &str = "it does not have three parts with points between them";

/// Extensions that a reader must understand (RFC 7515 section 4.1.11); none is understood here. What else a header
/// holds, such as a key or where to find one, is never looked at.
fn refuse_what_must_be_understood(header: &Map<String, Value>) -> Result<(), AuthError> {
    if header.contains_key("crit") {
        return Err(unreadable("its header has extensions (crit), and none is understood"));
    }
    let Some(typ) = text(header, "typ")? else { return Ok(()) };
    let lower = typ.to_ascii_lowercase();
    let name = lower.strip_prefix("application/").unwrap_or(&lower);
    if TYPES.contains(&name) {
        return Ok(());
    }
    Err(unreadable("its header says that it is no access token (typ)"))
}

/// Reads a part in the I-JSON profile, which knows no name twice: two readers never see two different claims.
fn object(part: &str, what: &str) -> Result<Map<String, Value>, AuthError> {
    let bytes = base64url::decode(part);
    let bytes = bytes.ok_or_else(|| unreadable(&format!("its {what} is not base64url")))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable(&format!("its {what} is not UTF-8")))?;
    let checked = JsonObject::new(text.as_str());
    checked.map_err(|error| unreadable(&format!("its {what} is refused: {error}")))?;
    serde_json::from_str(&text).map_err(|error| unreadable(&format!("its {what} is refused: {error}")))
}

/// A member of the header that has to be a string where it stands.
fn text(header: &Map<String, Value>, name: &str) -> Result<Option<String>, AuthError> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(unreadable(&format!("{name} of its header is no string"))),
    }
}

fn unreadable(reason: &str) -> AuthError {
    AuthError::TokenUnreadable { reason: reason.to_owned() }
}
