//! A log of every released format is kept as a file, `format-<number>.db`, and its root is the same for ever.
//!
//! `ANNALS_FORMATS=overwrite cargo test -p annals --test formats` writes the file of the present format anew, for
//! as long as that format is not released; the others are never written again.

mod recorded;

use std::path::{Path, PathBuf};

use annals::{Alterations, Checked, CopyOptions, Existing, Location, LogName, WritingOptions};

/// A format, as the number in the file's name, and the root of the history in it. The history is the same in all,
/// and so is the root, unless a later one tells more.
const FORMATS: &[(u32, &str)] = &[(1, "K4r4rrXEE7F5mgSuU4dSx3m59m7I1NlXz1sfBsWiF3s=")];

const COPY: CopyOptions = CopyOptions { existing: Existing::Stays, alterations: Alterations::AreRefused };

fn fixture(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/format-{format}.db"))
}

fn options(folder: &Path) -> WritingOptions {
    WritingOptions {
        key: annals::KeyLocation::Folder(folder.join("keys")),
        signing_state: annals::StateLocation::Folder(folder.join("state")),
        ..WritingOptions::default()
    }
}

/// Makes a log of a kept file, as `annals restore` does.
async fn restored(format: u32, folder: &Path) -> (Checked, Location) {
    let location = Location::sqlite(folder.join("restored.db"));
    let log = LogName::main();
    let restored = annals::restore(&fixture(format), &location, &log, &options(folder), COPY).await;
    (restored.unwrap().checked, location)
}

#[test]
fn every_kept_file_is_named_here() {
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats")).unwrap();
    let mut kept: Vec<String> = folder
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".db"))
        .collect();
    kept.sort();
    let named: Vec<String> = FORMATS.iter().map(|(format, _)| format!("format-{format}.db")).collect();
    assert_eq!(kept, named);
}

#[tokio::test]
async fn every_format_gives_the_root_it_always_gave() {
    for (format, root) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let (checked, location) = restored(*format, folder.path()).await;
        let verification = checked.verification;
        assert_eq!(verification.root.unwrap().to_string(), *root, "format {format}");
        assert_eq!((verification.size, verification.checkpoints, verification.unsigned_tail), (300, 3, 0));

        let log = annals::open_for_reading(&location, &LogName::main()).await.unwrap();
        let row = log.store().stored_rows(7..8).await.unwrap().remove(0);
        let event = row.event.unwrap().event;
        let text = r#"{"number": 7, "text":"gr\u00fc\u00dfe, größe", "big":1e300}"#;
        assert_eq!(event.payload.value().unwrap().as_str(), text);
        assert_eq!(log.store().cursors().await.unwrap()[0].1.0.as_ref(), "299");
        assert_eq!(log.store().dead_letters(None, None, 9).await.unwrap()[0].letter.raw, b"{\"order\":");
    }
}

#[tokio::test]
async fn the_same_history_is_recorded_today_as_it_was_then() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = recorded::record(folder.path()).await;
    let copy = folder.path().join("copy.db");
    let checked = annals::backup(&recorded, &LogName::main(), &copy, COPY).await.unwrap();
    let (format, _) = FORMATS.last().unwrap();
    if std::env::var_os("ANNALS_FORMATS").is_some_and(|asked| asked == "overwrite") {
        std::fs::copy(&copy, fixture(*format)).unwrap();
    }
    let (kept, _) = restored(*format, folder.path()).await;
    assert_eq!(checked.verification.root, kept.verification.root);
    // The signature covers origin, size and root, and Ed25519 signs the same text the same way.
    assert_eq!(checked.checkpoint.unwrap().to_string(), kept.checkpoint.unwrap().to_string());
}
