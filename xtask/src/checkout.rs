use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Error, process};

/// The checkout that the automation works on, and what cargo says about it.
#[derive(Debug)]
pub struct Checkout {
    root: PathBuf,
    metadata: Value,
}

impl Checkout {
    /// The checkout that this program belongs to, whatever the current folder is.
    ///
    /// # Errors
    ///
    /// If `cargo metadata` fails, e.g. because a manifest is malformed.
    pub fn find() -> Result<Self, Error> {
        // Cargo sets the variable when it runs us; the compiled-in value serves whoever starts the binary alone.
        let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&xtask).parent().unwrap_or_else(|| Path::new(".")).to_owned();
        let mut command = cargo(&root);
        let json = process::capture(command.args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata =
            serde_json::from_str(&json).map_err(|error| Error::Metadata { what: error.to_string() })?;
        Ok(Self { root, metadata })
    }

    /// The folder that holds the workspace's manifest.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn metadata(&self) -> &Value {
        &self.metadata
    }

    /// The folder for everything that is built.
    pub(crate) fn target(&self) -> PathBuf {
        self.metadata["target_directory"].as_str().map_or_else(|| self.root.join("target"), PathBuf::from)
    }

    /// A call of cargo, the same one that runs us, in the root of the checkout.
    pub(crate) fn cargo(&self) -> Command {
        cargo(&self.root)
    }
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}
