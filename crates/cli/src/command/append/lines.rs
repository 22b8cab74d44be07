//! Appends from standard input.

use std::io::{self, BufRead, Read};

use annals::{Append, JsonForm, Log, StoreError};
use tokio::sync::mpsc;

use super::line;
use super::recorded::{AppendedRow, read_back};
use crate::failure::Failure;
use crate::output::RowWriter;
use crate::shell::Shell;

/// So many lines at the most are appended together; they share one commit.
const LINES_MAX: usize = 512;

/// A longer line holds more than any event may; it is refused without being read into memory.
const LINE_BYTES_MAX: u64 = 8 << 20;

/// A line of input and its number, from 1.
struct InputLine {
    number: u64,
    bytes: io::Result<Vec<u8>>,
}

/// Appends every line for itself, prints what was recorded as it goes, and names what was not stored.
pub(super) async fn each_for_itself(shell: &Shell) -> Result<(), Failure> {
    let log = shell.open_for_writing().await?;
    let outcome = append_lines(&log, shell).await;
    shell.close(log).await?;
    outcome
}

/// All lines as one append.
///
/// # Errors
/// [`Failure`] of the first line that is no event.
pub(super) fn all_at_once() -> Result<Append, Failure> {
    let mut events = Vec::new();
    let mut input = io::stdin().lock();
    for number in 1.. {
        let Some(line) = read_line(&mut input).map_err(Failure::Input)? else { break };
        if !line.trim_ascii().is_empty() {
            events.push(line::event(number, line).map_err(|error| error.at_line(number))?);
        }
    }
    Ok(Append { events, ..Append::default() })
}

async fn append_lines(log: &Log, shell: &Shell) -> Result<(), Failure> {
    let mut lines = read_in_background();
    let mut rows = RowWriter::new::<AppendedRow>(shell.console.out(), &shell.console, JsonForm::Embedded);
    let (mut read, mut rejected) = (0, 0);
    let mut batch = Vec::with_capacity(LINES_MAX);
    while lines.recv_many(&mut batch, LINES_MAX).await > 0 {
        let mut numbers = Vec::with_capacity(batch.len());
        let mut appends = Vec::with_capacity(batch.len());
        for InputLine { number, bytes } in batch.drain(..) {
            let bytes = bytes.map_err(|error| Failure::Input(error).at_line(number))?;
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            read += 1;
            match line::event(number, bytes) {
                Ok(event) => {
                    numbers.push(number);
                    appends.push(Append::event(event));
                }
                Err(error) => {
                    rejected += 1;
                    error.at_line(number).tell();
                }
            }
        }
        let verdicts = log.events().append_each(appends).await;
        let mut appended = Vec::with_capacity(verdicts.len());
        for (number, verdict) in numbers.into_iter().zip(verdicts) {
            match verdict {
                Ok(verdict) => appended.push(verdict),
                Err(error) if is_about_the_line(&error) => {
                    rejected += 1;
                    Failure::Store(error).at_line(number).tell();
                }
                Err(error) => return Err(Failure::Store(error).at_line(number)),
            }
        }
        for row in read_back(log, &appended).await? {
            rows.row(&row, &shell.console)?;
        }
        rows.show()?;
    }
    rows.finish::<AppendedRow>()?;
    if rejected == 0 { Ok(()) } else { Err(Failure::NotAllStored { rejected, read }) }
}

/// Whether the next lines may fare better.
fn is_about_the_line(error: &StoreError) -> bool {
    !matches!(
        error,
        StoreError::Unavailable { .. }
            | StoreError::AlreadyWritten { .. }
            | StoreError::Corrupt { .. }
            | StoreError::NotOurs { .. }
    )
}

/// Reads on a thread of its own, so that what has arrived is appended while more is awaited.
fn read_in_background() -> mpsc::Receiver<InputLine> {
    let (sender, receiver) = mpsc::channel(LINES_MAX);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        for number in 1.. {
            let Some(bytes) = read_line(&mut input).transpose() else { break };
            let failed = bytes.is_err();
            if sender.blocking_send(InputLine { number, bytes }).is_err() || failed {
                break;
            }
        }
    });
    receiver
}

fn read_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let length = input.take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    if length as u64 == LINE_BYTES_MAX && line.last() != Some(&b'\n') {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is longer than 8 MiB"));
    }
    Ok((length > 0).then_some(line))
}
