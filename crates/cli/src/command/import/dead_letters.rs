use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file of what could not be stored, made when there is something.
pub(super) struct DeadLetterFile {
    path: PathBuf,
    file: Option<File>,
}

impl DeadLetterFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for DeadLetterFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => {
                let file = File::options().create(true).append(true).open(&self.path)?;
                self.file.insert(file).write(bytes)
            }
        }
    }

    /// The letters survive a power cut as the events beside them do.
    fn flush(&mut self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_data)
    }
}
