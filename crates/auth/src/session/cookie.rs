/// How a browser reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// By TLS, here or at a proxy in front.
    Tls,
    /// Without, which is for this machine only.
    Plain,
}

/// A cookie of this server: kept from scripts, and with TLS never without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookie {
    name: &'static str,
    /// Where it is sent, and when: its attributes `Path` and `SameSite`.
    scope: &'static str,
    transport: Transport,
}

impl Cookie {
    /// The cookie of a session, which is never sent along when another site asks. With TLS the prefix of its name makes
    /// browsers refuse one that another host or an unprotected page set (RFC 6265bis section 4.1.3.2).
    #[must_use]
    pub fn session(transport: Transport) -> Self {
        let name = match transport {
            Transport::Tls => "__Host-annals-session",
            Transport::Plain => "annals-session",
        };
        Self { name, scope: "Path=/; SameSite=Strict", transport }
    }

    /// The cookie of a sign-in that has begun. It comes along when the identity provider sends the browser back, and so
    /// cannot be as strict.
    #[must_use]
    pub fn sign_in(transport: Transport) -> Self {
        let name = match transport {
            Transport::Tls => "__Secure-annals-sign-in",
            Transport::Plain => "annals-sign-in",
        };
        Self { name, scope: "Path=/session; SameSite=Lax", transport }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The value of `Set-Cookie` with which a browser keeps `value` for some seconds.
    #[must_use]
    pub fn kept(self, value: &str, seconds: u64) -> String {
        let secure = match self.transport {
            Transport::Tls => "; Secure",
            Transport::Plain => "",
        };
        format!("{}={value}; {}; Max-Age={seconds}; HttpOnly{secure}", self.name, self.scope)
    }

    /// The value of `Set-Cookie` with which a browser forgets it.
    #[must_use]
    pub fn forgotten(self) -> String {
        self.kept("", 0)
    }

    /// Its value in a header `Cookie`.
    #[must_use]
    pub fn value_in(self, header: &str) -> Option<&str> {
        header.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name).then_some(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_and_no_other_site_gets_at_the_cookie_of_a_session() {
        let kept = Cookie::session(Transport::Tls).kept("v", 60);
        assert_eq!(kept, "__Host-annals-session=v; Path=/; SameSite=Strict; Max-Age=60; HttpOnly; Secure");
        let forgotten = Cookie::session(Transport::Plain).forgotten();
        assert_eq!(forgotten, "annals-session=; Path=/; SameSite=Strict; Max-Age=0; HttpOnly");
    }

    #[test]
    fn the_cookie_of_a_sign_in_comes_back_with_the_browser() {
        let kept = Cookie::sign_in(Transport::Tls).kept("v", 600);
        let expected =
            "__Secure-annals-sign-in=v; Path=/session; SameSite=Lax; Max-Age=600; HttpOnly; Secure";
        assert_eq!(kept, expected);
    }

    #[test]
    fn it_is_found_among_others_by_its_exact_name() {
        let cookie = Cookie::session(Transport::Plain);
        assert_eq!(cookie.value_in("a=1; annals-session=v; b=2"), Some("v"));
        assert_eq!(cookie.value_in("xannals-session=v; annals-session2=w; annals-session"), None);
    }
}
