use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use annals::Timestamp;
use anstyle::{AnsiColor, Style};

use super::Format;
use crate::config::{OutputConfig, Zone};

/// The width of a table that no terminal shows.
const WIDTH_WITHOUT_TERMINAL: usize = 120;

/// Large enough that writing an answer costs few system calls.
const BUFFER_BYTES: usize = 256 << 10;

/// Where answers and remarks go, and how they look there.
#[derive(Debug, Clone)]
pub(crate) struct Console {
    /// The form of answers.
    pub(crate) format: Format,
    /// The time zone of what people read.
    pub(crate) zone: Zone,
    /// The style of headings; plain where colours are not wanted.
    pub(crate) heading: Style,
    /// The styles of what changed.
    pub(crate) marks: Marks,
    /// Columns that fit.
    pub(crate) width: usize,
    /// Whether remarks are told.
    remarks: Remarks,
}

/// How it is marked what changed; plain where colours are not wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    /// What came.
    pub(crate) added: Style,
    /// What went.
    pub(crate) removed: Style,
    /// What is another value.
    pub(crate) changed: Style,
    /// What is said beside it.
    pub(crate) aside: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remarks {
    Told,
    Kept,
}

impl Console {
    /// The console that the configuration asks for. `quiet` keeps remarks and progress back.
    pub(crate) fn new(config: &OutputConfig, quiet: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let coloured = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        Self {
            format: config.format.unwrap_or(if is_terminal { Format::Table } else { Format::Jsonl }),
            zone: config.time_zone.clone(),
            heading: if coloured { Style::new().bold() } else { Style::new() },
            marks: if coloured { Marks::coloured() } else { Marks::default() },
            width: width(),
            remarks: if quiet { Remarks::Kept } else { Remarks::Told },
        }
    }

    /// Standard output, buffered; [`Write::flush`] it at the end and wherever somebody waits.
    pub(crate) fn out(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock())
    }

    /// A moment as people read it, to the millisecond, in the zone asked for.
    pub(crate) fn time(&self, moment: Timestamp) -> String {
        let zoned = moment.as_jiff().to_zoned(self.zone.rules().clone());
        zoned.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
    }

    /// Tells something that is worth knowing and no part of the answer.
    pub(crate) fn remark(&self, text: &str) {
        if self.remarks == Remarks::Told {
            anstream::eprintln!("{text}");
        }
    }

    /// Whether progress may be drawn: somebody watches and did not ask for quiet.
    pub(crate) fn shows_progress(&self) -> bool {
        self.remarks == Remarks::Told && io::stderr().is_terminal()
    }

    /// Writes a text as the whole answer.
    pub(crate) fn print(&self, text: &str) -> io::Result<()> {
        let mut out = self.out();
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

impl Marks {
    fn coloured() -> Self {
        Self {
            added: AnsiColor::Green.on_default(),
            removed: AnsiColor::Red.on_default(),
            changed: AnsiColor::Yellow.on_default(),
            aside: Style::new().dimmed(),
        }
    }
}

fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    asked.or_else(seen).unwrap_or(WIDTH_WITHOUT_TERMINAL)
}
