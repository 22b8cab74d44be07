use std::path::{Path, PathBuf};

use annals_server::TlsIdentity;

use super::concern::concern;
use crate::failure::Failure;

concern! {
    /// With what 'annals serve' proves who it is. Without both, it speaks in the clear; with them, never. The files are
    /// looked at every few seconds and read again when they have changed.
    TlsConfig is "server.tls" {
        /// The PEM file of its certificate, followed by those that lead from it to an authority.
        certificate_file: Option<PathBuf> = None, such as r#""/etc/annals/fullchain.pem""#;
        /// The PEM file of the private key that belongs to it.
        key_file: Option<PathBuf> = None, such as r#""/etc/annals/privkey.pem""#;
    }
}

/// What stands in the two files. It is kept to see when they have changed, and never printed.
#[derive(PartialEq, Eq)]
pub(crate) struct TlsFiles {
    certificates: Vec<u8>,
    key: Vec<u8>,
}

impl TlsConfig {
    /// What stands in the files; `None` where none are configured.
    ///
    /// # Errors
    /// [`Failure::Usage`] when one of the two is missing, [`Failure::File`] when one cannot be read.
    pub(crate) fn files(&self) -> Result<Option<TlsFiles>, Failure> {
        match (&self.certificate_file, &self.key_file) {
            (None, None) => Ok(None),
            (Some(certificates), Some(key)) => {
                Ok(Some(TlsFiles { certificates: bytes_of(certificates)?, key: bytes_of(key)? }))
            }
            _ => {
                let what = "a certificate is of no use without its key, nor a key without its certificate";
                Err(Failure::usage(what, "set both server.tls.certificate_file and server.tls.key_file"))
            }
        }
    }

    /// Takes relative paths to lie in the folders of the files that name them.
    pub(super) fn lie_in(&mut self, folder_of: impl Fn(&str) -> Option<PathBuf>) {
        for (key, file) in [
            ("server.tls.certificate_file", &mut self.certificate_file),
            ("server.tls.key_file", &mut self.key_file),
        ] {
            if let (Some(folder), Some(file)) = (folder_of(key), file) {
                *file = folder.join(&file);
            }
        }
    }
}

impl TlsFiles {
    /// What is in them, ready for use.
    ///
    /// # Errors
    /// [`Failure::Server`] when they do not hold what is needed, or do not belong together.
    pub(crate) fn identity(&self) -> Result<TlsIdentity, Failure> {
        Ok(TlsIdentity::from_pem(&self.certificates, &self.key)?)
    }
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|source| Failure::File { path: file.to_owned(), source })
}
