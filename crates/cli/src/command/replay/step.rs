use std::io::{self, Write};

use annals::history::Step;
use annals_wire::event_actor;

use crate::output::{Console, write_annotated};

/// Writes an event and the state behind it, in which it is marked what the event changed.
pub(super) fn write_step(out: &mut dyn Write, step: &Step, console: &Console) -> io::Result<()> {
    let Step { event, after, changes, .. } = step;
    let (style, aside) = (console.heading, console.marks.aside);
    let (version, time, event_type) = (event.version, console.time(event.timestamp), &event.event_type);
    writeln!(out, "{version:>3}  {time}  {style}{event_type}{style:#} by {}", event_actor(event))?;
    if changes.is_empty() {
        writeln!(out, "  {aside}changes nothing{aside:#}")?;
    }
    write_annotated(out, after, changes, console)
}
