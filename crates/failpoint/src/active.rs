use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::{BUG_VARIABLE, Bug, POINT_VARIABLE, Point};

/// What the environment asks for, read once.
static ARMED: LazyLock<Vec<Armed>> = LazyLock::new(|| {
    let Ok(text) = std::env::var(POINT_VARIABLE) else { return Vec::new() };
    let armed: Option<Vec<Armed>> = text.split(',').map(Armed::parse).collect();
    // A test that arms nothing would pass without having tested.
    assert!(armed.is_some(), "{POINT_VARIABLE}={text} is not <point>=abort@<n> or <point>=error@<n>");
    armed.unwrap_or_default()
});

static SEEDED: LazyLock<Option<Bug>> = LazyLock::new(|| {
    let name = std::env::var(BUG_VARIABLE).ok()?;
    let bug = Bug::ALL.into_iter().find(|bug| bug.name() == name);
    assert!(bug.is_some(), "{BUG_VARIABLE}={name} names no seeded bug");
    bug
});

struct Armed {
    point: Point,
    action: Action,
    /// Which passing it is for, from 1.
    passing: u64,
    /// How often the point was passed.
    passed: AtomicU64,
}

enum Action {
    Abort,
    Error,
}

impl Armed {
    fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('=')?;
        let (action, passing) = rest.split_once('@')?;
        let action = match action {
            "abort" => Action::Abort,
            "error" => Action::Error,
            _ => return None,
        };
        let point = Point::ALL.into_iter().find(|point| point.name() == name)?;
        Some(Self { point, action, passing: passing.parse().ok()?, passed: AtomicU64::new(0) })
    }
}

/// Does at `point` what the environment asks for.
///
/// # Errors
/// One that says which point failed, at the passing that was asked to fail.
pub fn pass(point: Point) -> io::Result<()> {
    let mut fails = false;
    // Every one counts the passing, also behind one that fails it.
    for armed in ARMED.iter().filter(|armed| armed.point == point) {
        let is_due = armed.passed.fetch_add(1, Ordering::Relaxed) + 1 == armed.passing;
        match armed.action {
            Action::Abort if is_due => std::process::abort(),
            Action::Error => fails |= is_due,
            Action::Abort => {}
        }
    }
    if fails { Err(io::Error::other(format!("the failpoint {} failed", point.name()))) } else { Ok(()) }
}

/// Whether the program is to be wrong in this way.
#[must_use]
pub fn is_seeded(bug: Bug) -> bool {
    *SEEDED == Some(bug)
}

/// With `bug` seeded, syncs a file some milliseconds from now: whoever wins the race finds it unsynced.
pub fn sync_late(bug: Bug, path: &Path) {
    if !is_seeded(bug) {
        return;
    }
    std::thread::sleep(Duration::from_millis(10));
    if let Err(error) = File::open(path).and_then(|file| file.sync_all()) {
        eprintln!("{}: {error}", path.display());
    }
}
