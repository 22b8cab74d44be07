use std::fmt;
use std::net::IpAddr;

use hyper::Uri;

use crate::AuthError;

/// An address from which something is believed: by HTTPS, or on this very machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location(Uri);

impl Location {
    pub(crate) fn parse(url: &str) -> Result<Self, AuthError> {
        let refused = |reason| AuthError::UrlRefused { url: url.to_owned(), reason };
        let uri: Uri = url.parse().map_err(|_| refused("it is no URL"))?;
        let authority = uri.authority().ok_or_else(|| refused("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(refused("it holds a user name; give credentials where they are asked for"));
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self(uri)),
            Some("http") if is_loopback(authority.host()) => Ok(Self(uri)),
            Some("http") => {
                Err(refused("what is fetched without TLS from another machine cannot be trusted; use https"))
            }
            _ => Err(refused("it begins neither with https:// nor, on this machine, with http://")),
        }
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_or_this_machine_is_believed() {
        for fine in
            ["https://id.example/keys", "http://127.0.0.1:9/k", "http://localhost/k", "http://[::1]:1/k"]
        {
            assert!(Location::parse(fine).is_ok(), "{fine}");
        }
        for bad in [
            "http://id.example/keys",
            "http://127.0.0.1.example/keys",
            "http://localhost.example/keys",
            "https://name:word@id.example/",
            "file:///etc/passwd",
            "/keys",
            "",
        ] {
            assert!(matches!(Location::parse(bad), Err(AuthError::UrlRefused { .. })), "{bad}");
        }
    }
}
