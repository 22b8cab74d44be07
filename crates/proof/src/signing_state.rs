//! What was signed last, kept where no backup of the store brings an old one back.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use annals_failpoint::{Point, pass};
use annals_tlog::{LogCheckpoint, Origin, TreeHead};
use etcetera::BaseStrategy;

use crate::{ProofError, durable_file, file_name};

/// Names the file that holds the size and root of the last signed checkpoint of one log.
///
/// Its text is that of an unsigned checkpoint (C2SP tlog-checkpoint): origin, size, root.
#[derive(Debug, Clone)]
pub struct SigningState {
    origin: Origin,
    path: PathBuf,
}

/// The state while nobody else signs: copies of one log in several processes share the state, and between
/// reading it and writing it no other may sign.
pub(crate) struct HeldState {
    state: SigningState,
    /// Closing the file releases the lock, also when the process is killed.
    _lock: File,
}

impl SigningState {
    /// The state in the user's folder for such things: `$XDG_STATE_HOME/annals/<origin>`, or what the
    /// operating system has in its place.
    ///
    /// # Errors
    /// [`ProofError::NoHome`].
    pub fn in_user_state(origin: &Origin) -> Result<Self, ProofError> {
        let no_home = |_| ProofError::NoHome { what: "the signing state" };
        let places = etcetera::choose_base_strategy().map_err(no_home)?;
        let folder = places.state_dir().unwrap_or_else(|| places.data_dir());
        Ok(Self::in_folder(&folder.join("annals"), origin))
    }

    /// The state in any folder; it is made when something is signed.
    #[must_use]
    pub fn in_folder(folder: &Path, origin: &Origin) -> Self {
        Self { path: folder.join(file_name::of_origin(origin)), origin: origin.clone() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The size and root that were signed last; `None` when nothing is known. Blocks.
    ///
    /// # Errors
    /// [`ProofError::StateUnreadable`] or [`ProofError::File`].
    pub fn read(&self) -> Result<Option<TreeHead>, ProofError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ProofError::file("read the signing state", &self.path, source)),
        };
        let unreadable = |reason: String| ProofError::StateUnreadable { path: self.path.clone(), reason };
        let text = str::from_utf8(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let state = LogCheckpoint::parse(text).map_err(|error| unreadable(error.to_string()))?;
        if state.origin == self.origin {
            Ok(Some(state.tree()))
        } else {
            Err(unreadable(format!("it is that of {}", state.origin)))
        }
    }

    /// Says that nothing is known here of a log whose newest kept checkpoint has this size.
    pub(crate) fn missing(&self, kept_size: u64) -> ProofError {
        ProofError::StateMissing { origin: self.origin.clone(), path: self.path.clone(), kept_size }
    }

    /// Waits until no other process signs for this log. Blocks.
    pub(crate) fn hold(&self) -> Result<HeldState, ProofError> {
        let path = self.path.with_file_name(format!("{}.lock", file_name::of_origin(&self.origin)));
        if let Some(folder) = path.parent() {
            durable_file::create_folder(folder)?;
        }
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|source| ProofError::file("open", &path, source))?;
        lock.lock().map_err(|source| ProofError::file("lock", &path, source))?;
        Ok(HeldState { state: self.clone(), _lock: lock })
    }
}

impl HeldState {
    /// What [`SigningState::read`] says.
    pub(crate) fn read(&self) -> Result<Option<TreeHead>, ProofError> {
        self.state.read()
    }

    /// Puts down what is about to be signed. When this returns, it survives a power cut.
    pub(crate) fn write(&self, signed: TreeHead) -> Result<(), ProofError> {
        let TreeHead { size, root } = signed;
        let text = LogCheckpoint { origin: self.state.origin.clone(), size, root, extensions: Vec::new() };
        let failed = |source| ProofError::file("write the signing state", &self.state.path, source);
        pass(Point::StateBeforeWrite).map_err(failed)?;
        durable_file::replace(&self.state.path, text.to_string().as_bytes())?;
        pass(Point::StateAfterWrite).map_err(failed)
    }
}
