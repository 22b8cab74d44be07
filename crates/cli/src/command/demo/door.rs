//! Who is let in: whoever has the link or the token that the demonstration gives out, and the shop.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use annals::{ActorId, Clock, SystemClock, Token};
use annals_auth::{
    AllowedLogs, AuthError, AuthOptions, Authenticator, KeySource, Mint, Role, Roles, SharedSecret,
    SignInGrant, TokenGrant,
};
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Who looks around.
const VISITOR: &str = "visitor";

/// Who appends what the people of the shop did.
const SHOP: &str = "shop";

/// How long the link can be used, once.
const LINK_LIFETIME: Duration = Duration::from_secs(86_400);

/// How long tokens are good, as far as time goes: the secret that signs them ends with the process.
const TOKEN_LIFETIME: Duration = Duration::from_secs(365 * 86_400);

/// The keys of a demonstration. They are made anew each time.
pub(super) struct Door {
    authenticator: Authenticator,
    mint: Mint,
}

impl Door {
    /// One to which nobody has a key yet.
    ///
    /// # Errors
    /// [`AuthError::NoRandomness`].
    pub(super) fn new() -> Result<Self, AuthError> {
        let options = AuthOptions::new(KeySource::SharedSecret(SharedSecret::random()?));
        let authenticator = Authenticator::new(&options, Arc::new(SystemClock))?;
        Ok(Self { authenticator, mint: Mint::new(&options)? })
    }

    /// What lets in.
    pub(super) fn authenticator(&self) -> Authenticator {
        self.authenticator.clone()
    }

    /// The address of a page with a code that signs a browser in, once. The code stands in the fragment, which
    /// browsers send to nobody.
    ///
    /// # Errors
    /// [`Failure::Auth`].
    pub(super) fn link(&self, page: &str) -> Result<String, Failure> {
        let grant = SignInGrant {
            subject: ActorId::new(VISITOR)?,
            roles: everything(),
            logs: AllowedLogs::All,
            lifetime: LINK_LIFETIME,
        };
        let code = self.authenticator.codes().issue(grant)?;
        Ok(format!("{page}#code={}", code.as_str()))
    }

    /// A token of the shop, which appends in the names of its people.
    ///
    /// # Errors
    /// [`Failure::Auth`].
    pub(super) fn shop_token(&self) -> Result<Token, Failure> {
        let token = self.token(SHOP, [Role::Delegate].into_iter().collect())?;
        Token::new(&token).ok_or_else(|| Failure::Demo { what: "no token was minted".to_owned() })
    }

    /// Writes a header with a token of the visitor to a file that nobody else may read, as `curl -H @FILE` takes it: on a
    /// command line every user of the machine could see it.
    ///
    /// # Errors
    /// [`Failure::File`].
    pub(super) fn write_header(&self, path: &Path) -> Result<(), Failure> {
        let header = format!("Authorization: Bearer {}\n", self.token(VISITOR, everything())?);
        let failed = |source| Failure::File { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(Path::new("."));
        // Such a file is its owner's alone from the beginning, also where another one is replaced.
        let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(header.as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|error| failed(io::Error::from(error)))?;
        Ok(())
    }

    fn token(&self, subject: &str, roles: Roles) -> Result<String, Failure> {
        let subject = ActorId::new(subject)?;
        let grant = TokenGrant { subject, roles, logs: AllowedLogs::All, lifetime: TOKEN_LIFETIME };
        Ok(self.mint.mint(&grant, SystemClock.now())?)
    }
}

/// Who started the demonstration may do everything.
fn everything() -> Roles {
    [Role::Admin].into_iter().collect()
}
