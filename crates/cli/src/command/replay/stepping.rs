//! Walking through a replay on a terminal.

use std::collections::VecDeque;
use std::io::{self, Write};

use annals::history::{Replay, Step};
use console::{Key, Term};

use super::step::write_step;
use crate::failure::Failure;
use crate::output::Console;

/// One can go back by so many steps; those before are forgotten, so that memory stays bounded.
const STEPS_KEPT: usize = 256;

/// What the keys do, at the foot of each picture.
const KEYS: &str = "space next · b back · q quit";

/// What somebody wants who pressed a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Next,
    Back,
    Quit,
    /// The key means nothing.
    None,
}

/// The steps that were seen, and the one that is shown.
#[derive(Default)]
struct Seen {
    steps: VecDeque<Step>,
    /// Which of them is shown.
    shown: usize,
}

/// Shows one step after the other, as the keys say.
///
/// # Errors
/// [`Failure`] of the event that cannot be folded, or when the terminal cannot be read or written.
pub(super) async fn walk(mut replay: Replay<'_>, console: &Console) -> Result<(), Failure> {
    let terminal = Term::stdout();
    let mut seen = Seen::default();
    let Some(first) = replay.next().await? else { return Ok(()) };
    seen.push(first);
    let mut remark = "";
    loop {
        draw(&terminal, &seen, remark, console)?;
        remark = "";
        match tokio::task::block_in_place(|| wish(&terminal))? {
            Wish::Quit => return Ok(()),
            Wish::Back if !seen.back() => remark = "  (this is as far back as it goes)",
            Wish::Next if !seen.forward() => match replay.next().await? {
                Some(step) => seen.push(step),
                None => remark = "  (this is the last event)",
            },
            Wish::Next | Wish::Back | Wish::None => {}
        }
    }
}

fn wish(terminal: &Term) -> Result<Wish, Failure> {
    match terminal.read_key() {
        Ok(Key::Char(' ' | 'n' | 'j') | Key::Enter | Key::ArrowRight | Key::ArrowDown) => Ok(Wish::Next),
        Ok(Key::Char('p' | 'b' | 'k') | Key::ArrowLeft | Key::ArrowUp | Key::Backspace) => Ok(Wish::Back),
        Ok(Key::Char('q') | Key::Escape | Key::CtrlC) => Ok(Wish::Quit),
        Ok(_) => Ok(Wish::None),
        // Ctrl-C, or the terminal is gone.
        Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::NotConnected) => {
            Ok(Wish::Quit)
        }
        Err(error) => Err(Failure::Input(error)),
    }
}

fn draw(terminal: &Term, seen: &Seen, remark: &str, console: &Console) -> Result<(), Failure> {
    let Some(step) = seen.steps.get(seen.shown) else { return Ok(()) };
    let mut picture = Vec::new();
    write_step(&mut picture, step, console)?;
    let picture = String::from_utf8_lossy(&picture);
    let rows = usize::from(terminal.size().0).saturating_sub(3).max(3);
    terminal.clear_screen()?;
    let mut out = terminal;
    for line in picture.lines().take(rows) {
        writeln!(out, "{line}")?;
    }
    let aside = console.marks.aside;
    match picture.lines().count().saturating_sub(rows) {
        0 => writeln!(out)?,
        more => writeln!(out, "{aside}… {more} more lines; without --step they are all printed{aside:#}")?,
    }
    write!(out, "{aside}{KEYS}{remark}{aside:#}")?;
    out.flush()?;
    Ok(())
}

impl Seen {
    /// Adds a step behind the others and shows it.
    fn push(&mut self, step: Step) {
        if self.steps.len() == STEPS_KEPT {
            self.steps.pop_front();
        }
        self.steps.push_back(step);
        self.shown = self.steps.len() - 1;
    }

    /// Shows the step before; whether there is one.
    fn back(&mut self) -> bool {
        let before = self.shown.checked_sub(1);
        self.shown = before.unwrap_or(self.shown);
        before.is_some()
    }

    /// Shows the step behind, if it was seen; whether it was.
    fn forward(&mut self) -> bool {
        let was_seen = self.shown + 1 < self.steps.len();
        self.shown += usize::from(was_seen);
        was_seen
    }
}
