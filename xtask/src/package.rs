//! What is released: the binary with the web UI in it, and what belongs beside it, in one archive.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Checkout, Error, process, ui};

/// What lies beside the binary.
const BESIDE: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Builds the web UI and the binary, and packs them as `annals-VERSION-SYSTEM-PROCESSOR.tar.gz` into the folder `package` of
/// the target folder.
///
/// # Errors
/// [`Error::NoNode`] when the UI cannot be built: a package has it. Otherwise the step that fails.
pub fn package(checkout: &Checkout) -> Result<(), Error> {
    ui::build(checkout)?;
    let binary = release_binary(checkout)?;
    let version = process::capture(Command::new(&binary).arg("--version"))?;
    let (packages, name) = (checkout.target().join("package"), name_of(&version));
    lay_out(checkout.root(), &binary, &packages.join(&name))?;
    let archive = format!("{name}.tar.gz");
    process::run(Command::new("tar").current_dir(&packages).args(["-czf", &archive, &name]))?;
    println!("\n{}", packages.join(archive).display());
    Ok(())
}

/// Builds the binary as it is released; where it lies.
///
/// # Errors
/// The build that fails.
pub(crate) fn release_binary(checkout: &Checkout) -> Result<PathBuf, Error> {
    process::run(checkout.cargo().args(["build", "--release", "--package", "annals-cli"]))?;
    Ok(checkout.target().join("release").join(format!("annals{EXE_SUFFIX}")))
}

/// The name of a package of the program that says of itself that it is `annals VERSION`.
fn name_of(version: &str) -> String {
    format!("{}-{OS}-{ARCH}", version.trim().replace(' ', "-"))
}

/// Makes the folder that is packed.
fn lay_out(root: &Path, binary: &Path, folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::Unwritable { path: folder.to_owned(), source };
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    fs::copy(binary, folder.join(format!("annals{EXE_SUFFIX}"))).map_err(failed)?;
    for file in BESIDE {
        fs::copy(root.join(file), folder.join(file)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_after_what_it_is_for() {
        assert_eq!(name_of("annals 0.1.0\n"), format!("annals-0.1.0-{OS}-{ARCH}"));
    }

    #[test]
    fn a_package_holds_the_binary_and_what_belongs_to_it_and_nothing_of_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let (root, package) = (folder.path().join("root"), folder.path().join("package"));
        fs::create_dir(&root).unwrap();
        BESIDE.iter().for_each(|file| fs::write(root.join(file), file).unwrap());
        let binary = folder.path().join("built");
        fs::write(&binary, "program").unwrap();
        fs::create_dir(&package).unwrap();
        fs::write(package.join("old"), "").unwrap();
        lay_out(&root, &binary, &package).unwrap();
        let mut names: Vec<_> = fs::read_dir(&package)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let program = format!("annals{EXE_SUFFIX}");
        assert_eq!(names, ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", program.as_str()]);
        assert_eq!(fs::read_to_string(package.join(program)).unwrap(), "program");
        assert!(lay_out(&root.join("missing"), &binary, &package).is_err());
    }
}
