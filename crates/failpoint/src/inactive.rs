use std::io;
use std::path::Path;

use crate::{Bug, Point};

/// Does nothing.
///
/// # Errors
/// None.
#[inline(always)]
pub const fn pass(_: Point) -> io::Result<()> {
    Ok(())
}

/// No bug is seeded.
#[inline(always)]
#[must_use]
pub const fn is_seeded(_: Bug) -> bool {
    false
}

/// Does nothing.
#[inline(always)]
pub const fn sync_late(_: Bug, _: &Path) {}
