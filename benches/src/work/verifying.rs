//! Verification of a whole log, from its rows to its signatures.

use std::time::Instant;

use annals::{VerifyOptions, verify};

use super::Work;
use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::loaded::{load, payload_paths};
use crate::own_log::OwnLog;
use crate::report::Figure;
use crate::rounds::{Measured, settle};
use crate::settings::{Settings, runtime};

const EVENTS: usize = 1_000_000;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let folder = settings.fresh_folder()?;
    let runtime = runtime()?;
    let events = Generator::new(Shape::Ordinary).take(count)?.into();
    runtime.block_on(load(&folder.path().into(), &events, payload_paths()?))?;
    drop(events);
    settle();
    let once = || async {
        let log = OwnLog::open_for_reading(folder.path()).await?;
        let start = Instant::now();
        let found = verify(&**log.store(), VerifyOptions::default()).await?;
        let seconds = start.elapsed().as_secs_f64();
        match found.problems.first() {
            None => Ok(Measured { events: found.events, seconds, ..Measured::default() }),
            Some(problem) => {
                Err(BenchError::Unlike { what: format!("the log does not verify: {problem:?}") })
            }
        }
    };
    let rounds = (0..settings.rounds).map(|_| runtime.block_on(once())).collect::<Result<Vec<_>>>()?;
    Ok(vec![Figure::alone(Work::Verify, "whole log", &rounds)])
}
