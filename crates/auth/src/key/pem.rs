//! Public keys as PEM (RFC 7468 section 13, RFC 5280 section 4.1.2.7).

use rustls_pki_types::pem::{PemObject as _, SectionKind};
use spki::der::asn1::UintRef;
use spki::der::{Decode as _, Reader as _, SliceReader};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::{NamedKey, VerifyingKey};
use crate::AuthError;

/// rsaEncryption, RFC 8017 appendix A.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// id-ecPublicKey, RFC 5480 section 2.1.1.
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// secp256r1, RFC 5480 section 2.1.1.1.
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// id-Ed25519, RFC 8410 section 3.
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// A public key as a PEM text, and the name (`kid`) that tokens call it by.
#[derive(Debug, Clone)]
pub struct PublicKeyPem {
    /// The name. A key without one is tried for tokens of any name.
    pub kid: Option<String>,
    /// The text: one block `PUBLIC KEY`.
    pub pem: String,
}

impl PublicKeyPem {
    pub(crate) fn key(&self) -> Result<NamedKey, AuthError> {
        let key = read(&self.pem).map_err(|reason| AuthError::KeyUnusable {
            name: self.kid.clone().unwrap_or_else(|| "without a name".to_owned()),
            reason: reason.to_owned(),
        })?;
        Ok(NamedKey { kid: self.kid.clone(), key })
    }
}

fn read(text: &str) -> Result<VerifyingKey, &'static str> {
    let mut sections = <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes());
    let first = sections.next().ok_or("it holds no PEM block; one PUBLIC KEY is needed")?;
    let (kind, der) = first.map_err(|_| "it is not PEM")?;
    match kind {
        SectionKind::PublicKey => {}
        SectionKind::PrivateKey | SectionKind::EcPrivateKey | SectionKind::RsaPrivateKey => {
            return Err(
                "it is a private key, which only the issuer may have: replace it there, and give its \
                 public key ('openssl pkey -in FILE -pubout')",
            );
        }
        SectionKind::Certificate => {
            return Err("it is a certificate: give its public key ('openssl x509 -in FILE -pubkey -noout')");
        }
        _ => return Err("its block is not a PUBLIC KEY"),
    }
    if sections.next().is_some() {
        return Err("it holds several blocks; give each key a name of its own");
    }
    of_subject_public_key_info(&der)
}

fn of_subject_public_key_info(der: &[u8]) -> Result<VerifyingKey, &'static str> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| "it is no SubjectPublicKeyInfo")?;
    let bytes = info.subject_public_key.as_bytes().ok_or("its key is not a whole number of bytes")?;
    match info.algorithm.oid {
        RSA => of_rsa_public_key(bytes),
        EC if info.algorithm.parameters_oid() == Ok(P256) => VerifyingKey::p256(bytes),
        ED25519 => VerifyingKey::ed25519(bytes),
        _ => Err("it is neither RSA nor on P-256 nor Ed25519"),
    }
}

/// RSAPublicKey, RFC 8017 appendix A.1.1.
fn of_rsa_public_key(der: &[u8]) -> Result<VerifyingKey, &'static str> {
    let numbers = SliceReader::new(der).and_then(|mut reader| {
        let numbers = reader.sequence(|sequence| {
            let n: UintRef<'_> = sequence.decode()?;
            let e: UintRef<'_> = sequence.decode()?;
            Ok::<_, spki::der::Error>((n, e))
        })?;
        reader.finish()?;
        Ok(numbers)
    });
    let (n, e) = numbers.map_err(|_| "it is no RSAPublicKey")?;
    VerifyingKey::rsa(n.as_bytes(), e.as_bytes())
}
