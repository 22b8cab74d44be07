//! W5: questions with short answers, to a log of few blocks and to one of many.

use super::loaded::Loaded;
use crate::error::Result;
use crate::events::Shape;
use crate::report::Figure;
use crate::rounds::ON_SERVER;
use crate::settings::Settings;
use crate::work::{QUERIED_EVENTS, query_side_by_side};

/// How many blocks, and what the parts of the work are called then.
const LOGS: [(usize, [&str; 3]); 2] = [
    (
        10,
        [
            "latest 50 of an aggregate, ten blocks",
            "type and time range, ten blocks",
            "indexed payload field, ten blocks",
        ],
    ),
    (
        60,
        [
            "latest 50 of an aggregate, sixty blocks",
            "type and time range, sixty blocks",
            "indexed payload field, sixty blocks",
        ],
    ),
];

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(QUERIED_EVENTS);
    let mut figures = Vec::new();
    for (blocks, parts) in LOGS {
        let loaded = Loaded::with_events(settings, Shape::Ordinary, (count, blocks))?;
        let ask = |contender, questions: &[_]| loaded.ask(contender, questions);
        figures.extend(query_side_by_side(settings, ON_SERVER, (count, parts), ask)?);
    }
    Ok(figures)
}
