//! W4: reading many events.

use super::loaded::Loaded;
use crate::error::Result;
use crate::report::Figure;
use crate::rounds::ON_SERVER;
use crate::settings::Settings;
use crate::work::{READ_EVENTS, READ_SHAPE, read_side_by_side};

/// Blocks of the log that is read.
const BLOCKS: usize = 10;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(READ_EVENTS);
    let loaded = Loaded::with_events(settings, READ_SHAPE, (count, BLOCKS))?;
    read_side_by_side(settings, ON_SERVER, |contender, questions| loaded.ask(contender, questions))
}
