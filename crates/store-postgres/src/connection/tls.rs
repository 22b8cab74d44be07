use std::path::Path;
use std::sync::Arc;

use annals_store::StoreError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::errors::{Result, unavailable};

/// What encrypts connections, believing the certificates of a file, or those of the operating system.
pub(super) fn encryption(root_certificates: Option<&Path>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(root_certificates)? {
        // One that cannot be read is no reason not to believe the others.
        if let Err(error) = roots.add(certificate) {
            tracing::debug!(%error, "a root certificate is left out");
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unavailable(format!("TLS cannot be set up: {error}")))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn certificates(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>> {
    let Some(file) = file else { return Ok(rustls_native_certs::load_native_certs().certs) };
    let unreadable = |error: rustls::pki_types::pem::Error| StoreError::Unavailable {
        reason: format!(
            "the certificates in {} cannot be read; check the path and that it is PEM",
            file.display()
        ),
        source: Some(Arc::new(error)),
    };
    CertificateDer::pem_file_iter(file)
        .map_err(unreadable)?
        .collect::<std::result::Result<_, _>>()
        .map_err(unreadable)
}
