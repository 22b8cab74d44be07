use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use annals_connect::{Format, SourceName};

use crate::failure::Failure;

/// How records are written in a source.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum InputFormat {
    /// One JSON value a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
}

/// A source that is to be imported.
pub(super) struct Input {
    /// What it is called.
    pub(super) name: SourceName,
    /// How its records are written.
    pub(super) format: Format,
    /// Where it is; standard input when there is none.
    path: Option<PathBuf>,
}

/// The sources that the arguments name, each of which is there.
///
/// # Errors
/// [`Failure::Usage`] when a source has no name, and [`Failure::File`] when it is not there.
pub(super) fn inputs(
    files: &[PathBuf],
    name: Option<String>,
    format: Option<InputFormat>,
) -> Result<Vec<Input>, Failure> {
    if name.is_some() && files.len() > 1 {
        return Err(Failure::usage(
            "--source names one source, but there are several files",
            "import them one by one",
        ));
    }
    files.iter().map(|path| Input::new(path, name.clone(), format)).collect()
}

impl Input {
    fn new(path: &Path, name: Option<String>, format: Option<InputFormat>) -> Result<Self, Failure> {
        let is_stdin = path == Path::new("-");
        let name = match name {
            Some(name) => SourceName::new(name)?,
            None if is_stdin => {
                let help = "give --source NAME: ids follow from it, so use the same name for the same source";
                return Err(Failure::usage("standard input has no name", help));
            }
            None => SourceName::of_file(path)?,
        };
        if !is_stdin {
            // Better to notice before anything is imported; it is opened when its turn comes.
            open(path)?;
        }
        let format = match format {
            Some(InputFormat::Jsonl) => Format::Jsonl,
            Some(InputFormat::Csv) => Format::Csv,
            None => Format::of_file_name(name.as_str()),
        };
        Ok(Self { name, format, path: (!is_stdin).then(|| path.to_owned()) })
    }

    /// The source's bytes, and how many they are if that is known.
    pub(super) fn open(&self) -> Result<(Box<dyn Read + Send>, Option<u64>), Failure> {
        match &self.path {
            None => Ok((Box::new(io::stdin()), None)),
            Some(path) => {
                let file = open(path)?;
                let bytes = file.metadata().ok().filter(|metadata| metadata.is_file());
                Ok((Box::new(file), bytes.map(|metadata| metadata.len())))
            }
        }
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    let failed = |source| Failure::File { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok(file)
}
