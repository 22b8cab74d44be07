use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

use crate::problem::RequestError;

/// The names of this machine.
const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses what did not come for this machine. Without a key everybody is an administrator, and a page of any site can
/// have a browser ask a server on its own machine: under a name that the site made lead here, which `Host` tells, or
/// under the server's own name, which `Origin` tells.
///
/// # Errors
/// [`RequestError::Host`].
pub(crate) fn must_be_this_machine(headers: &HeaderMap) -> Result<(), RequestError> {
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or("?"));
    if let Some(host) = text(HOST)
        && !is_this_machine(host)
    {
        return Err(RequestError::Host { host: host.to_owned() });
    }
    match text(ORIGIN) {
        Some(origin) if !is_this_machine(origin.split_once("://").map_or(origin, |(_, host)| host)) => {
            Err(RequestError::Host { host: origin.to_owned() })
        }
        _ => Ok(()),
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    THIS_MACHINE.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(name: axum::http::HeaderName, value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        must_be_this_machine(&headers).is_err()
    }

    #[test]
    fn names_of_this_machine_are_fine_with_any_port() {
        for host in ["localhost", "LOCALHOST:4720", "127.0.0.1:80", "[::1]", "[::1]:4720"] {
            assert!(!refuses(HOST, host), "{host}");
        }
        assert!(!refuses(ORIGIN, "http://localhost:4720"));
        assert!(must_be_this_machine(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn any_other_name_is_refused_also_where_it_leads_here() {
        for host in ["example.com", "localhost.example.com", "127.0.0.1.nip.io:4720", "", "0.0.0.0", "[::1"] {
            assert!(refuses(HOST, host), "{host}");
        }
        assert!(refuses(ORIGIN, "https://example.com"));
        assert!(refuses(ORIGIN, "null"));
    }
}
