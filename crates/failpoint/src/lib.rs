//! Named places at which a test makes the process die or fail, and seeded bugs that the tests must catch.
//!
//! Without the cargo feature `active`, which no shipped program has, passing a point does nothing and no bug
//! is seeded: the compiler leaves nothing of either. With it, the environment says what happens:
//!
//! - `ANNALS_FAILPOINT=truth.commit.before=abort@3` kills the process when it passes that point for the third
//!   time; `=error@3` has that passing, and no other, fail as a device does. Commas part several.
//! - `ANNALS_SEEDED_BUG=synchronous-off` makes the program wrong in one way.
//!
//! There is no scripting here, no delay and no chance: what is random is the tests' business.

mod names;

#[cfg(feature = "active")]
mod active;
#[cfg(not(feature = "active"))]
mod inactive;

#[cfg(feature = "active")]
pub use active::{is_seeded, pass, sync_late};
#[cfg(not(feature = "active"))]
pub use inactive::{is_seeded, pass, sync_late};
pub use names::{Bug, Point};

/// The variable that says at which point what happens: `<point>=abort@<n>` or `<point>=error@<n>`.
pub const POINT_VARIABLE: &str = "ANNALS_FAILPOINT";

/// The variable that names a seeded bug.
pub const BUG_VARIABLE: &str = "ANNALS_SEEDED_BUG";
