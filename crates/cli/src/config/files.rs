use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The name that a configuration file has.
const FILE_NAME: &str = "annals.toml";

/// The configuration file: the one that is named, else the first that exists beside the store, in the working
/// folder, or in the user's configuration folder.
pub(super) fn find(named: Option<PathBuf>, store: Option<&Path>) -> Option<PathBuf> {
    if named.is_some() {
        return named;
    }
    let beside_store = store.and_then(Path::parent).map(|folder| folder.join(FILE_NAME));
    let of_user =
        etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("annals").join(FILE_NAME));
    [beside_store, Some(PathBuf::from(FILE_NAME)), of_user].into_iter().flatten().find(|path| path.is_file())
}
