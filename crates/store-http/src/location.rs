use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use hyper::Uri;
use zeroize::Zeroizing;

/// Where a server answers: `https://HOST[:PORT][/PREFIX]`, or `http://` on this machine.
///
/// A token travels with every request, so that one without TLS to another machine would show it to everybody on the way:
/// such a location is refused.
///
/// ```
/// use annals_store_http::HttpLocation;
///
/// let location: HttpLocation = "https://audit.example.com/annals/".parse()?;
/// assert_eq!(location.to_string(), "https://audit.example.com/annals");
/// assert!("http://audit.example.com".parse::<HttpLocation>().is_err());
/// # Ok::<(), annals_store_http::InvalidLocation>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HttpLocation {
    /// Scheme, host, port and prefix, without a slash at the end.
    base: String,
    token: Option<Token>,
    root_certificates: Option<PathBuf>,
}

/// What says to a server who asks. It is never shown.
#[derive(Clone, PartialEq)]
pub struct Token(Zeroizing<String>);

/// A text that names no server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the server's location cannot be used: {reason}; write https://HOST, or http://127.0.0.1:4720 on this machine"
)]
pub struct InvalidLocation {
    reason: &'static str,
}

impl HttpLocation {
    /// The same server, asked with a token.
    #[must_use]
    pub fn with_token(self, token: Token) -> Self {
        Self { token: Some(token), ..self }
    }

    /// The same server, of which certificates are believed that are signed by those in this file (PEM), instead of the
    /// operating system's.
    #[must_use]
    pub fn with_root_certificates(self, file: PathBuf) -> Self {
        Self { root_certificates: Some(file), ..self }
    }

    pub(crate) fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    pub(crate) fn root_certificates(&self) -> Option<&Path> {
        self.root_certificates.as_deref()
    }

    /// The address of what lies at a path, which begins with a slash.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Token {
    /// Takes a token; white space around it, as files and shells leave it, is no part of it. `None` when nothing is left.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl FromStr for HttpLocation {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        let refused = |reason| InvalidLocation { reason };
        let uri: Uri = text.parse().map_err(|_| refused("it is no URL"))?;
        let authority = uri.authority().ok_or_else(|| refused("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(refused("it holds a user name, and servers know callers by tokens"));
        }
        if uri.query().is_some() {
            return Err(refused("it has a query"));
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_this_machine(authority.host()) => {}
            Some("http") => {
                return Err(refused("without TLS, everybody on the way to another machine can read along"));
            }
            _ => return Err(refused("it begins neither with https:// nor with http://")),
        }
        let base = text.trim_end_matches('/').to_owned();
        Ok(Self { base, token: None, root_certificates: None })
    }
}

impl fmt::Display for HttpLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_elsewhere_need_tls_and_nobody_has_a_name_in_the_address() {
        for fine in [
            "https://h",
            "https://h:8443/annals",
            "http://localhost:4720",
            "http://[::1]:1/",
            "http://127.0.0.1",
        ] {
            assert!(fine.parse::<HttpLocation>().is_ok(), "{fine}");
        }
        for bad in ["http://h", "https://ann:secret@h", "https://h/?a=b", "ftp://h", "https://", "no url", ""]
        {
            let refused = bad.parse::<HttpLocation>().unwrap_err();
            assert!(!refused.to_string().contains("secret"), "{bad}: {refused}");
        }
    }

    #[test]
    fn a_token_is_shown_nowhere() {
        let location: HttpLocation = "https://h".parse().unwrap();
        let location = location.with_token(Token::new(" s3cret\n").unwrap());
        assert!(!format!("{location} {location:?}").contains("s3cret"));
        assert_eq!(location.token().unwrap().as_str(), "s3cret");
        assert_eq!(Token::new(" \n"), None);
    }
}
