use std::path::{Path, PathBuf};
use std::time::Duration;

use annals_auth::{
    AllowedLogs, AuthOptions, ClaimPointers, JwksOptions, KeySource, PublicKeyPem, SessionOptions,
    SharedSecret,
};
use serde::{Deserialize, Serialize};

use super::concern::concern;
use super::{PATIENCE_MAX, SignInConfig};
use crate::failure::Failure;

/// The environment variable that holds the secret itself, where there is no file. It is no key of the configuration, so
/// that nothing ever shows it.
const SECRET: &str = "ANNALS_AUTH_SECRET";

concern! {
    /// Whose tokens 'annals serve' believes (JSON Web Tokens, as Authorization: Bearer): those that are signed with a
    /// shared secret, with the private keys of public keys given here, or with keys that their issuer publishes. Only
    /// one of the three. Without any, it serves this machine only, and everybody on it.
    AuthConfig is "auth" {
        /// The file of a secret of 32 bytes or more, which signs tokens as HS256; 'annals token' makes such tokens. The
        /// environment variable ANNALS_AUTH_SECRET may hold the secret itself instead.
        secret_file: Option<PathBuf> = None, such as r#""/etc/annals/token-secret""#;
        /// PEM files of public keys (RSA, P-256, Ed25519) with which tokens are signed as RS256, ES256 or EdDSA. Each
        /// may have the name that tokens give it (kid). In a file, each may be a [[auth.public_keys]] of its own, and a
        /// relative path starts at that file's folder.
        public_keys: Vec<PublicKeyFile> = Vec::new(), such as r#"[{ kid = "2026-11", file = "issuer.pem" }]"#;
        /// Where the issuer of tokens publishes its keys (JWKS); issuer and audience are needed with it.
        jwks_url: Option<String> = None, such as r#""https://id.example.com/keys""#;
        /// After how many seconds they are fetched anew.
        jwks_refresh_seconds: u64 = 300;
        /// Who has to have issued a token (iss).
        issuer: Option<String> = None, such as r#""https://id.example.com""#;
        /// For whom a token has to be meant (aud).
        audience: Option<String> = None, such as r#""annals""#;
        /// By how many seconds the issuer's clock may differ.
        leeway_seconds: u64 = 30;
        /// A JSON pointer to the claim with the roles: reader, auditor, writer, delegate, admin.
        roles_pointer: String = ClaimPointers::default().roles().to_owned();
        /// A JSON pointer to the claim with the names of logs, or * for all.
        logs_pointer: String = ClaimPointers::default().logs().to_owned();
        /// The logs of those whose tokens name none.
        default_logs: Vec<String> = Vec::new(), such as r#"["main"]"#;
        /// The file of a secret of 32 bytes or more that seals the sessions of browsers. Servers behind one balancer need
        /// the same one. When it is not set, sessions end with the process.
        session_secret_file: Option<PathBuf> = None, such as r#""/etc/annals/session-secret""#;
        /// After how many hours a session ends, at the latest.
        session_hours: u64 = 12;
    }
}

/// A public key and the name that tokens give it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicKeyFile {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    /// Where it lies.
    pub(super) file: PathBuf,
}

impl AuthConfig {
    /// How callers are known; `None` where no key is configured.
    ///
    /// # Errors
    /// [`Failure::Auth`] when what is configured cannot be used or does not go together, and [`Failure::File`] when a
    /// file cannot be read.
    pub(crate) fn options(&self, sign_in: &SignInConfig) -> Result<Option<AuthOptions>, Failure> {
        let Some(keys) = self.keys()? else { return Ok(None) };
        let seconds = |seconds| Duration::from_secs(seconds).min(PATIENCE_MAX);
        let secret = self.session_secret_file.as_deref().map(secret_in).transpose()?;
        let lifetime = Duration::from_secs(self.session_hours.saturating_mul(3_600));
        Ok(Some(AuthOptions {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            leeway: seconds(self.leeway_seconds),
            pointers: ClaimPointers::new(&self.roles_pointer, &self.logs_pointer)?,
            logs_by_default: AllowedLogs::from_words(self.default_logs.iter().map(String::as_str)),
            sessions: SessionOptions { secret, lifetime },
            provider: sign_in.provider()?,
            ..AuthOptions::new(keys)
        }))
    }

    fn keys(&self) -> Result<Option<KeySource>, Failure> {
        let secret = match &self.secret_file {
            Some(file) => Some(secret_in(file)?),
            None => std::env::var(SECRET)
                .ok()
                .filter(|text| !text.is_empty())
                .map(|text| SharedSecret::from_text(&text))
                .transpose()?,
        };
        let secret = secret.map(KeySource::SharedSecret);
        let public = (!self.public_keys.is_empty()).then(|| self.public_keys()).transpose()?;
        let jwks = self.jwks_url.as_ref().map(|url| {
            let refresh_every = Duration::from_secs(self.jwks_refresh_seconds).min(PATIENCE_MAX);
            KeySource::Jwks(JwksOptions { refresh_every, ..JwksOptions::new(url) })
        });
        let mut sources = [secret, public, jwks].into_iter().flatten();
        let (first, second) = (sources.next(), sources.next());
        if second.is_some() {
            let what = "tokens are believed for one kind of key only, but several are configured";
            let help =
                "keep one of auth.secret_file (or ANNALS_AUTH_SECRET), auth.public_keys and auth.jwks_url";
            return Err(Failure::usage(what, help));
        }
        Ok(first)
    }

    fn public_keys(&self) -> Result<KeySource, Failure> {
        let read = |PublicKeyFile { kid, file }: &PublicKeyFile| {
            let pem = text_of(file)?;
            Ok::<_, Failure>(PublicKeyPem { kid: kid.clone(), pem })
        };
        Ok(KeySource::PublicKeys(self.public_keys.iter().map(read).collect::<Result<_, _>>()?))
    }

    /// Takes relative paths to lie in the folders of the files that name them.
    pub(super) fn lie_in(&mut self, folder_of: impl Fn(&str) -> Option<PathBuf>) {
        for (key, file) in [
            ("auth.secret_file", &mut self.secret_file),
            ("auth.session_secret_file", &mut self.session_secret_file),
        ] {
            if let (Some(folder), Some(file)) = (folder_of(key), file) {
                *file = folder.join(&file);
            }
        }
        if let Some(folder) = folder_of("auth.public_keys") {
            self.public_keys.iter_mut().for_each(|key| key.file = folder.join(&key.file));
        }
    }
}

/// The secret in a file.
///
/// # Errors
/// [`Failure::File`] when it cannot be read, [`Failure::Auth`] when it is too short.
fn secret_in(file: &Path) -> Result<SharedSecret, Failure> {
    Ok(SharedSecret::from_text(&text_of(file)?)?)
}

/// What stands in a file.
///
/// # Errors
/// [`Failure::File`].
pub(super) fn text_of(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|source| Failure::File { path: file.to_owned(), source })
}
