use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Console;

/// How often a bar is drawn anew.
const DRAW_HZ: u8 = 10;

/// A bar on a terminal, with a rate; nothing elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    /// A bar for work of this many bytes; without an end where it is not known.
    pub(crate) fn of_bytes(total: Option<u64>, console: &Console) -> Self {
        Self::new(total, "{bytes:>10} / {total_bytes} ", "{bytes:>10} ", console)
    }

    /// A bar for work on this many events.
    pub(crate) fn of_events(total: u64, console: &Console) -> Self {
        Self::new(Some(total), "{human_pos:>10} / {human_len} ", "", console)
    }

    /// A bar for a span of time, in microseconds, of which something is told.
    pub(crate) fn of_time(micros: u64, console: &Console) -> Self {
        Self::new(Some(micros), "", "", console)
    }

    fn new(total: Option<u64>, of_known: &str, of_unknown: &str, console: &Console) -> Self {
        if !console.shows_progress() {
            return Self { bar: ProgressBar::hidden(), started: Instant::now() };
        }
        let template = match total {
            Some(_) => format!("{{bar:30}} {of_known} {{msg}}"),
            None => format!("{{spinner}} {of_unknown} {{msg}}"),
        };
        // The templates are those above; should one not be understood, the plain bar does.
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(DRAW_HZ));
        Self { bar: bar.with_style(style), started: Instant::now() }
    }

    /// The whole is so much, after all.
    pub(crate) fn is_of(&self, total: u64) {
        self.bar.set_length(total);
    }

    /// So much is done, and that many events with it.
    pub(crate) fn at(&self, done: u64, events: u64) {
        if self.bar.is_hidden() {
            return;
        }
        let seconds = self.started.elapsed().max(Duration::from_millis(1)).as_secs_f64();
        self.bar.set_position(done);
        self.bar.set_message(format!("{events} events, {:.0} events/s", events as f64 / seconds));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// A quiet line on a terminal that says how far something has come; nothing elsewhere.
pub(crate) struct Count {
    line: ProgressBar,
}

impl Count {
    pub(crate) fn new(console: &Console) -> Self {
        if !console.shows_progress() {
            return Self { line: ProgressBar::hidden() };
        }
        let style =
            ProgressStyle::with_template("{wide_msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(DRAW_HZ));
        Self { line: line.with_style(style) }
    }

    /// Says this instead of what was said before.
    pub(crate) fn tell(&self, text: &str) {
        self.line.set_message(text.to_owned());
        self.line.tick();
    }

    /// Takes the line away.
    pub(crate) fn end(&self) {
        self.line.finish_and_clear();
    }
}
