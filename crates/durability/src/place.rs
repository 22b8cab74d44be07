use std::fs;
use std::path::{Path, PathBuf};

use annals::{KeyLocation, Location, StateLocation, WritingOptions};
use annals_proof::{KeyStore, SigningState};
use annals_tlog::Origin;

use crate::Failure;

/// Where a trial takes place: what lies on the disk that fails, and the witness beside it.
#[derive(Debug, Clone)]
pub struct Place {
    base: PathBuf,
}

impl Place {
    /// A place in a folder that exists, which is named without symbolic links.
    ///
    /// # Errors
    /// [`Failure::File`].
    pub fn new(base: &Path) -> Result<Self, Failure> {
        let place = Self { base: base.canonicalize().map_err(Failure::file(base))? };
        fs::create_dir_all(place.disk()).map_err(Failure::file(&place.disk()))?;
        Ok(place)
    }

    /// The folder of all of it.
    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    /// What the disk holds.
    pub(crate) fn disk(&self) -> PathBuf {
        self.base.join("disk")
    }

    /// What the disk would hold after a cut.
    pub(crate) fn shadow(&self) -> PathBuf {
        self.base.join("shadow")
    }

    /// Says that there is room on the disk again.
    pub(crate) fn freed(&self) -> PathBuf {
        self.base.join("freed")
    }

    pub(crate) fn witness(&self) -> PathBuf {
        self.base.join("witness")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.disk().join("log").join("annals.db")
    }

    /// The log, as an application names it.
    pub(crate) fn location(&self) -> Location {
        Location::sqlite(self.log())
    }

    /// How an application opens the log.
    pub(crate) fn writing_options(&self) -> WritingOptions {
        WritingOptions {
            key: KeyLocation::Folder(self.disk().join("keys")),
            signing_state: StateLocation::Folder(self.disk().join("states")),
            ..WritingOptions::default()
        }
    }

    /// Where a backup of the log lies.
    pub(crate) fn backup(&self) -> PathBuf {
        self.disk().join("backups").join("log.db")
    }

    pub(crate) fn keys(&self) -> KeyStore {
        KeyStore::in_folder(self.disk().join("keys"))
    }

    pub(crate) fn state(&self, origin: &Origin) -> SigningState {
        SigningState::in_folder(&self.disk().join("states"), origin)
    }

    /// A copy in another folder, without the witness.
    pub(crate) fn copy_to(&self, base: &Path) -> Result<Self, Failure> {
        let copy = Self::new(base)?;
        copy_folder(&self.disk(), &copy.disk())?;
        Ok(copy)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(Failure::file(from))? {
        let entry = entry.map_err(Failure::file(from))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir(&to).map_err(Failure::file(&to))?;
            copy_folder(&from, &to)?;
        } else if !from.as_os_str().as_encoded_bytes().ends_with(b"-shm") {
            fs::copy(&from, &to).map_err(Failure::file(&from))?;
        }
    }
    Ok(())
}
