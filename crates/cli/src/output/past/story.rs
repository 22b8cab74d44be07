use std::io::{self, Write};

use annals::history::{Timeline, TimelineEntry};
use annals::{StreamName, Timestamp};
use annals_wire::event_actor;

use super::change::write_changes;
use super::elapsed::elapsed;
use crate::failure::Failure;
use crate::output::Console;

/// So many changes of one event are shown where not all are asked for.
const CHANGES_SHOWN: usize = 12;

/// How much is told of each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// The first changes.
    Short,
    /// All changes.
    Full,
}

/// The events of an aggregate, told to people one after the other.
pub(crate) struct Story<'a> {
    out: &'a mut dyn Write,
    console: &'a Console,
    telling: Telling,
    /// When the event before happened.
    before: Option<Timestamp>,
}

impl<'a> Story<'a> {
    /// A story that goes to `out`.
    pub(crate) fn new(out: &'a mut dyn Write, console: &'a Console, telling: Telling) -> Self {
        Self { out, console, telling, before: None }
    }

    /// Writes whose story it is.
    pub(crate) fn begin(&mut self, stream: &StreamName) -> io::Result<()> {
        let style = self.console.heading;
        writeln!(self.out, "{style}{stream}{style:#}\n")
    }

    /// Tells all events of a timeline.
    ///
    /// # Errors
    /// [`Failure`] of the event that cannot be folded; those before it were told.
    pub(crate) async fn tell_all(&mut self, timeline: &mut Timeline<'_>) -> Result<(), Failure> {
        while let Some(entry) = timeline.next().await? {
            self.tell(&entry)?;
        }
        Ok(())
    }

    /// Whether nothing was told yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.before.is_none()
    }

    fn tell(&mut self, TimelineEntry { event, changes }: &TimelineEntry) -> io::Result<()> {
        let console = self.console;
        let (style, aside) = (console.heading, console.marks.aside);
        let version = event.version.to_string();
        let indent = version.len().max(3) + 2;
        let (time, event_type) = (console.time(event.timestamp), &event.event_type);
        write!(self.out, "{version:>3}  {time}  {style}{event_type}{style:#} by {}", event_actor(event))?;
        let since = self.before.replace(event.timestamp).map(|before| elapsed(before, event.timestamp));
        let mut remarks: Vec<String> = since.into_iter().collect();
        if changes.is_empty() {
            remarks.push("changes nothing".to_owned());
        }
        let comma = if remarks.is_empty() { "" } else { ", " };
        writeln!(self.out, "{aside}{comma}{}{aside:#}", remarks.join(", "))?;
        let shown = match self.telling {
            Telling::Short => changes.len().min(CHANGES_SHOWN),
            Telling::Full => changes.len(),
        };
        write_changes(self.out, changes.iter().take(shown), indent, console)?;
        match changes.len() - shown {
            0 => Ok(()),
            more => writeln!(self.out, "{:indent$}{aside}and {more} more; --full shows all{aside:#}", ""),
        }
    }
}
