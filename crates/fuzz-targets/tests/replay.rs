//! The inputs that are kept, each through its target.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use annals_fuzz_targets::{TARGETS, run};

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz_folder().join(folder)).expect("the folder is there");
    let name = |entry: fs::DirEntry| entry.path().file_stem().map(|stem| stem.to_string_lossy().into_owned());
    entries.filter_map(|entry| name(entry.expect("it can be read"))).collect()
}

#[test]
fn every_target_has_a_program_and_inputs() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("corpus"), targets);
}

#[test]
fn no_input_that_is_kept_shows_a_mistake() {
    for (target, _) in TARGETS {
        let folder = fuzz_folder().join("corpus").join(target);
        let mut count = 0;
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            let input = fs::read(&path).expect("it can be read");
            if std::panic::catch_unwind(|| run(target, &input)).is_err() {
                panic!("{} shows a mistake; see the panic above", path.display());
            }
            count += 1;
        }
        assert!(count > 0, "{} is empty", folder.display());
    }
}
