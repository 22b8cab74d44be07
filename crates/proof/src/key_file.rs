//! Signing keys as files that only their owner can read.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use annals_tlog::{Origin, Signer, SigningKey};
use etcetera::BaseStrategy;
use zeroize::Zeroizing;

use crate::{ProofError, durable_file, file_name};

/// No key file is longer: a name of 255 bytes, an id, and 33 bytes in base64.
const KEY_FILE_LEN_MAX: u64 = 1_024;

/// A folder of signing keys, one file per log.
#[derive(Debug, Clone)]
pub struct KeyStore {
    folder: PathBuf,
}

impl KeyStore {
    /// The folder in the user's configuration: `$XDG_CONFIG_HOME/annals/keys`, or what the operating system
    /// has in its place.
    ///
    /// # Errors
    /// [`ProofError::NoHome`].
    pub fn in_user_configuration() -> Result<Self, ProofError> {
        let places =
            etcetera::choose_base_strategy().map_err(|_| ProofError::NoHome { what: "signing keys" })?;
        Ok(Self::in_folder(places.config_dir().join("annals").join("keys")))
    }

    /// Any folder; it is made when the first key is.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where the key of a log lies or would lie.
    #[must_use]
    pub fn path_of(&self, origin: &Origin) -> PathBuf {
        self.folder.join(format!("{}.key", file_name::of_origin(origin)))
    }

    /// The key of a log.
    ///
    /// # Errors
    /// [`ProofError::KeyMissing`], or what [`read_key_file`] fails with.
    pub fn load(&self, origin: &Origin) -> Result<SigningKey, ProofError> {
        read_key_file(&self.path_of(origin), origin)
    }

    /// The key of a log; a new one where there is none. Of two processes that make one at the same time,
    /// both get the same.
    ///
    /// # Errors
    /// What [`Self::load`] fails with, and [`ProofError::File`] if the new key cannot be written.
    pub fn load_or_create(&self, origin: &Origin) -> Result<SigningKey, ProofError> {
        read_or_create_key_file(&self.path_of(origin), origin)
    }
}

/// Reads a signing key as [`read_key_file`] does; makes a new one where there is no file.
///
/// # Errors
/// What [`read_key_file`] fails with, and [`ProofError::File`] if the new key cannot be written.
pub fn read_or_create_key_file(path: &Path, origin: &Origin) -> Result<SigningKey, ProofError> {
    match read_key_file(path, origin) {
        Err(ProofError::KeyMissing { .. }) => {}
        read => return read,
    }
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(|_| {
        let nothing = std::io::Error::other("the operating system gives no randomness");
        ProofError::file("make the key", path, nothing)
    })?;
    let key = SigningKey::from_seed(origin.clone().into(), &seed);
    let text = key.to_secret_text();
    // In one piece: a text that grows would leave what it held before in memory.
    let line = Zeroizing::new([text.as_bytes(), b"\n"].concat());
    if durable_file::create(path, &line)? { Ok(key) } else { read_key_file(path, origin) }
}

/// Where the key waits to which a log is about to be handed over: beside the key file that it will replace.
#[must_use]
pub fn successor_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".next");
    path.with_file_name(name)
}

/// Puts the waiting key in the place of the one before it, which is gone then: it must never sign again. Of
/// the two files there is always one under the first name, also after a power cut.
///
/// # Errors
/// [`ProofError::File`]; the key waits on.
pub fn install_successor(path: &Path) -> Result<(), ProofError> {
    durable_file::rename(&successor_path(path), path)
}

/// Reads a signing key from a file that only its owner can read or write, and checks that it is the key of
/// `origin`.
///
/// # Errors
/// [`ProofError::KeyMissing`], [`ProofError::KeyExposed`], [`ProofError::KeyUnreadable`],
/// [`ProofError::KeyOfAnotherLog`] or [`ProofError::File`].
pub fn read_key_file(path: &Path, origin: &Origin) -> Result<SigningKey, ProofError> {
    let file = File::open(path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => ProofError::KeyMissing { path: path.to_owned(), origin: origin.clone() },
        _ => ProofError::file("read the signing key", path, source),
    })?;
    refuse_exposed(path, &file)?;
    let mut text = Zeroizing::new(String::with_capacity(KEY_FILE_LEN_MAX as usize));
    let read = file.take(KEY_FILE_LEN_MAX).read_to_string(&mut text);
    read.map_err(|source| ProofError::file("read the signing key", path, source))?;
    let key: SigningKey = text
        .trim_end()
        .parse()
        .map_err(|source| ProofError::KeyUnreadable { path: path.to_owned(), source })?;
    let name = key.verifier_key().name();
    if name == origin.key_name() {
        Ok(key)
    } else {
        Err(ProofError::KeyOfAnotherLog { origin: origin.clone(), key: name.to_string() })
    }
}

/// The open file is asked, not its path, so that nobody can exchange it in between.
#[cfg(unix)]
fn refuse_exposed(path: &Path, file: &File) -> Result<(), ProofError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata =
        file.metadata().map_err(|source| ProofError::file("read the signing key", path, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(ProofError::KeyExposed { path: path.to_owned(), mode }) }
}

/// Elsewhere the user's folders are closed to others by default, and nothing portable says more.
#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &File) -> Result<(), ProofError> {
    Ok(())
}
