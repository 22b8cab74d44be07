use std::sync::Arc;

use rustls::crypto::ring;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::ServerError;

/// What a server proves with who it is: a certificate, and the private key that belongs to it. Copies are the same one.
#[derive(Clone)]
pub struct TlsIdentity(Arc<rustls::ServerConfig>);

impl TlsIdentity {
    /// Takes both from texts in PEM (RFC 7468): the server's certificate and, behind it, those that lead from it to an
    /// authority; and the key in PKCS #8, PKCS #1 or SEC 1. TLS 1.3 and 1.2 will be spoken.
    ///
    /// # Errors
    /// [`ServerError::TlsIdentity`] says what is wrong. It never repeats anything of the key.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, ServerError> {
        let unusable = |what: String| ServerError::TlsIdentity { what };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|error| unusable(format!("the certificate cannot be read: {error}")))?;
        if chain.is_empty() {
            return Err(unusable("there is no certificate in the file of certificates".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| unusable("there is no private key in the file of the key".to_owned()))?;
        let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| unusable(error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    pub(crate) fn config(&self) -> Arc<rustls::ServerConfig> {
        self.0.clone()
    }
}
