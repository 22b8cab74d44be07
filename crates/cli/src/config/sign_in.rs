use std::path::PathBuf;

use annals_auth::{ClientSecret, ProviderOptions};

use super::auth::text_of;
use super::concern::concern;
use crate::failure::Failure;

concern! {
    /// With whom people sign in to 'annals serve' in a browser (OpenID Connect). Without it, they paste a token. What
    /// auth says about roles and logs is said about the tokens of this provider too.
    SignInConfig is "sign_in" {
        /// The provider, as it names itself.
        issuer: Option<String> = None, such as r#""https://id.example.com""#;
        /// Under which name this server is registered there.
        client_id: Option<String> = None, such as r#""annals""#;
        /// The file of the secret that belongs to it, if it has one.
        client_secret_file: Option<PathBuf> = None, such as r#""/etc/annals/client-secret""#;
        /// Where the provider sends people back to.
        redirect_url: Option<String> = None, such as r#""https://audit.example.com/session/callback""#;
        /// What is asked for besides openid, so that tokens hold roles.
        scopes: Vec<String> = Vec::new(), such as r#"["roles"]"#;
    }
}

impl SignInConfig {
    /// The provider; `None` where none is configured.
    ///
    /// # Errors
    /// [`Failure::Usage`] when something is missing, [`Failure::File`] when the secret cannot be read.
    pub(super) fn provider(&self) -> Result<Option<ProviderOptions>, Failure> {
        let Some(issuer) = &self.issuer else { return Ok(None) };
        let (Some(client_id), Some(redirect_url)) = (&self.client_id, &self.redirect_url) else {
            let what = "people are to sign in with a provider that does not know this server";
            let help = "set sign_in.client_id and sign_in.redirect_url as they are registered there";
            return Err(Failure::usage(what, help));
        };
        let secret = self.client_secret_file.as_deref().map(text_of).transpose()?;
        let mut provider = ProviderOptions::new(issuer, client_id, redirect_url);
        provider.client_secret = secret.map(|text| ClientSecret::from_text(&text));
        provider.scopes.clone_from(&self.scopes);
        Ok(Some(provider))
    }

    /// Takes a relative path to lie in the folder of the file that names it.
    pub(super) fn lie_in(&mut self, folder_of: impl Fn(&str) -> Option<PathBuf>) {
        if let (Some(folder), Some(file)) =
            (folder_of("sign_in.client_secret_file"), &mut self.client_secret_file)
        {
            *file = folder.join(&file);
        }
    }
}
